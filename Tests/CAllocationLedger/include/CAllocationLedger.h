// The process's malloc and operator new, counted, and what else a process may leak. Linked into the
// tests only.
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct allocation_ledger {
  /// Bytes in blocks that have not been freed, as the allocator rounded them.
  int64_t live_bytes;
  /// Blocks that have not been freed.
  int64_t live_blocks;
  /// Blocks that were ever allocated.
  int64_t allocations;
} allocation_ledger;

/// Whether blocks are counted: not under a sanitizer, which has malloc to itself.
bool allocation_ledger_is_active(void);

/// What is allocated now, by all threads and all libraries of the process.
allocation_ledger allocation_ledger_now(void);

/// What a process holds besides blocks; -1 where the system does not tell.
typedef struct process_resources {
  /// Bytes of addresses that are mapped: chunks, ranges, maps of files, stacks of threads.
  int64_t mapped_bytes;
  /// Open files.
  int64_t descriptors;
  /// Threads that have not ended.
  int64_t threads;
} process_resources;

process_resources process_resources_now(void);
