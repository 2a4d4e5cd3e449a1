#!/bin/sh
# Runs the CUDA compile it is given and keeps what ptxas says of each kernel (registers, stack, spills) in OBJECT.ptxas,
# where tests/cuda/kernel_resources.py reads it. What else was said goes on to stderr.
object= last=
for word; do
  [ "$last" = -o ] && object=$word
  last=$word
done
"$@" 2>"$object.ptxas"
status=$?
grep -vE '^ptxas info|bytes stack frame' "$object.ptxas" >&2
exit $status
