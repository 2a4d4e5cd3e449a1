// libtickfold_learn.so, the only code that sees LibTorch: what it exports and how the program gets at it.
#pragma once
#include <string>

#include "cuda/base/view.hpp"
#include "engine/learn/trainer.hpp"

namespace tf::learn {

/// The exported functions, by the names below.
using TrainerFunction = Trainer* (*)();
/// The forward pass by LibTorch's own operators, the check of ours: out[row] = value or probability. Also returns the
/// address its tensor over `rows` reads from, which is the panel's own.
using ForwardFunction = const void* (*)(const network::Fitted& model, Panel<const double> rows, double* out);
inline constexpr const char* kTrainerSymbol = "tickfold_learn_trainer";
inline constexpr const char* kForwardSymbol = "tickfold_learn_forward";
/// The digest of what library and program agree on, made by cmake/TrainerInterface.cmake; the first function called.
using InterfaceFunction = const char* (*)();
inline constexpr const char* kInterfaceSymbol = "tickfold_learn_interface";

/// Where the library is looked for: TF_LEARN_LIBRARY, else libtickfold_learn.so in the folder of the running program.
std::string torch_library_path();

/// An exported function of the library, which is loaded on the first call, with its symbols kept to itself (LibTorch
/// brings 100,000 of them). Throws Error{no_input} when it cannot be loaded or has another interface than the program,
/// and Error{internal} for an unknown name.
void* torch_library_function(const char* name);

}  // namespace tf::learn
