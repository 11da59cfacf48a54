// Runs a program and counts what it used, from outside: the same for programs in any language.
#pragma once
#include <stdint.h>

typedef struct benchmark_usage {
  /// Instructions in user mode, of all threads, from exec to exit; zero if the machine does not
  /// count them.
  uint64_t instructions;
  int exit_code;
} benchmark_usage;

/// Runs `arguments` (ended by null) with standard output going to `output`, standard error to
/// `errors`, and waits for it. Returns 0, or an errno value if it could not be started.
int benchmark_run(char *const arguments[], int output, int errors, benchmark_usage *usage);
