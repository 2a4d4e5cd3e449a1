// A trainer of another build, as an old libtickfold_learn.so beside a new program: only its interface may be asked for.
#include <cstdlib>

#define TF_EXPORT extern "C" __attribute__((visibility("default")))

TF_EXPORT const char* tickfold_learn_interface() { return "0123456789abcdef"; }

TF_EXPORT void* tickfold_learn_trainer() { std::abort(); }
