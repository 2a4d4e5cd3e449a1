"""C++ read as far as the rules need it: without comments and literals, and by scope."""
import re

LITERAL = re.compile(r"""
    //[^\n]*(?:\\\n[^\n]*)*            # a comment to the end of the line
  | /\*.*?\*/                          # a comment between marks
  | R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"   # a raw text
  | "(?:\\.|[^"\\\n])*"                # a text
  | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'  # a character, not a digit separator
""", re.X | re.S)


def blank(text):
    """The same length in lines, nothing to read."""
    return re.sub(r"[^\n]", " ", text)


def without_literals(text):
    """Code alone: comments become blanks, texts become empty texts; lines keep their numbers."""
    def replaced(match):
        found = match[0]
        if found.startswith("/"):
            return blank(found)
        return found[0] + blank(found)[1:-1] + found[-1] if not found.startswith("R") else '""' + blank(found)[2:]
    return LITERAL.sub(replaced, text)


def without_directives(code):
    """Code without preprocessor lines."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda match: blank(match[0]), code, flags=re.M)


def comments(text):
    """[(line, text)] of every // comment; what is set in by three blanks or more is an example and left out."""
    return [(line_of(text, match.start()), match[0][2:].lstrip("/!< ").rstrip()) for match in LITERAL.finditer(text)
            if match[0].startswith("//") and not match[0].startswith("//   ")]


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def statements(code):
    """[(line, statement, at_namespace_scope)]: the text before each ; or { that stands in no round bracket."""
    found, open_marks, begin = [], [], 0
    for position, mark in enumerate(code):
        if mark == "(":
            open_marks.append("(")
        elif mark == ")":
            if open_marks and open_marks[-1] == "(":
                open_marks.pop()
        elif mark == "{" or (mark in ";}" and (not open_marks or open_marks[-1] != "(")):
            part = code[begin:position]
            statement = " ".join(part.split())
            if statement and mark != "}":
                line = line_of(code, begin + len(part) - len(part.lstrip()))
                at_namespace = all(scope == "namespace" for scope in open_marks if scope != "(")
                found.append((line, statement, at_namespace))
            if mark == "{":
                is_namespace = re.match(r"(inline )?namespace\b|extern *\"\"$", statement)
                open_marks.append("namespace" if is_namespace else "block")
            elif mark == "}" and open_marks:
                open_marks.pop()
            begin = position + 1
    return found
