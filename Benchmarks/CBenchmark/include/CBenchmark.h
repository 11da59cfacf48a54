// Runs a program and counts what it used, from outside: the same for programs in any language.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct benchmark_usage {
  /// Instructions in user mode, of all threads, from exec to exit; zero if the machine does not
  /// count them.
  uint64_t instructions;
  /// Processor time of all threads, user and system.
  double cpu_seconds;
  /// The most resident anonymous memory in bytes, as seen every four milliseconds, if it was
  /// watched.
  uint64_t peak_resident_anonymous;
  int exit_code;
} benchmark_usage;

/// Runs `arguments` (ended by null) with standard output going to `output`, standard error to
/// `errors`, and waits for it. If `watch` is not zero, its memory is looked at meanwhile. Returns
/// 0, or an errno value if it could not be started.
int benchmark_run(
  char *const arguments[], int output, int errors, int watch, benchmark_usage *usage);

typedef struct benchmark_result {
  double seconds;
  uint64_t checksum;
  /// The bytes that the arena held at the end; zero if it does not tell.
  size_t reserved;
} benchmark_result;

/// Runs a workload on `std::pmr::monotonic_buffer_resource`, the arena of the C++ standard library.
/// Returns -1 if there is no such workload.
int benchmark_polymorphic_arena(const char *workload, size_t scale, benchmark_result *result);

#ifdef __cplusplus
}
#endif
