#define _GNU_SOURCE
#include "CBenchmark.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// A counter for a process that has not called exec yet. It starts with exec.
static int open_counter(pid_t child) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
  attributes.disabled = 1;
  attributes.enable_on_exec = 1;
  attributes.inherit = 1;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return (int)syscall(SYS_perf_event_open, &attributes, child, -1, -1, 0);
}

/// The resident anonymous memory of a process in bytes, or zero if it has ended.
static uint64_t resident_anonymous(pid_t process) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/status", (int)process);
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  char line[128];
  unsigned long kilobytes = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "RssAnon: %lu", &kilobytes) == 1) break;
  }
  fclose(file);
  return (uint64_t)kilobytes << 10;
}

/// Waits for `child`, looking at its memory every few milliseconds if asked to.
static pid_t wait_for(pid_t child, int watch, int *status, benchmark_usage *usage) {
  struct rusage resources;
  pid_t ended;
  do {
    ended = wait4(child, status, watch ? WNOHANG : 0, &resources);
    if (ended == 0) {
      uint64_t now = resident_anonymous(child);
      if (now > usage->peak_resident_anonymous) usage->peak_resident_anonymous = now;
      usleep(4000);
    }
  } while (ended == 0 || (ended < 0 && errno == EINTR));
  if (ended > 0) {
    usage->cpu_seconds =
      (double)(resources.ru_utime.tv_sec + resources.ru_stime.tv_sec) +
      (double)(resources.ru_utime.tv_usec + resources.ru_stime.tv_usec) / 1e6;
  }
  return ended;
}

int benchmark_run(
  char *const arguments[], int output, int errors, int watch, benchmark_usage *usage) {
  memset(usage, 0, sizeof *usage);
  int start[2];
  if (pipe(start) != 0) return errno;
  pid_t child = fork();
  if (child < 0) {
    int error = errno;
    close(start[0]);
    close(start[1]);
    return error;
  }
  if (child == 0) {
    // Wait until the counter is there.
    char byte;
    close(start[1]);
    if (read(start[0], &byte, 1) != 1) _exit(126);
    close(start[0]);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execvp(arguments[0], arguments);
    _exit(127);
  }
  close(start[0]);
  int counter = open_counter(child);
  ssize_t written = write(start[1], "", 1);
  close(start[1]);

  int status = 0;
  pid_t ended = wait_for(child, watch, &status, usage);
  if (counter >= 0) {
    uint64_t count = 0;
    if (read(counter, &count, sizeof count) == sizeof count) usage->instructions = count;
    close(counter);
  }
  if (ended < 0 || written != 1) return ECHILD;
  usage->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return 0;
}
