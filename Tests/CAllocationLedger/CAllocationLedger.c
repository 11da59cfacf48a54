#include "CAllocationLedger.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED

bool allocation_ledger_is_active(void) { return false; }
allocation_ledger allocation_ledger_now(void) { return (allocation_ledger){0}; }

#else

// The malloc family, defined in the executable: the dynamic linker then finds these first for every library, libc's own callers,
// the Swift runtime and LMDB included. Each forwards to mimalloc and counts what that gives and takes.

#include <mimalloc.h>

static _Atomic int64_t live_bytes;
static _Atomic int64_t live_blocks;
static _Atomic int64_t allocations;

static void *count_in(void *block) {
  if (block == NULL) return NULL;
  atomic_fetch_add_explicit(&live_bytes, (int64_t)mi_usable_size(block), memory_order_relaxed);
  atomic_fetch_add_explicit(&live_blocks, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
  return block;
}

static void count_out(void *block) {
  if (block == NULL) return;
  atomic_fetch_sub_explicit(&live_bytes, (int64_t)mi_usable_size(block), memory_order_relaxed);
  atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
}

void *malloc(size_t size) { return count_in(mi_malloc(size)); }

void *calloc(size_t count, size_t size) { return count_in(mi_calloc(count, size)); }

void free(void *block) {
  count_out(block);
  mi_free(block);
}

void *realloc(void *block, size_t size) {
  int64_t before = block == NULL ? 0 : (int64_t)mi_usable_size(block);
  void *moved = mi_realloc(block, size);
  if (moved == NULL) return NULL;
  if (block == NULL) return count_in(moved);
  atomic_fetch_add_explicit(
    &live_bytes, (int64_t)mi_usable_size(moved) - before, memory_order_relaxed);
  return moved;
}

void *reallocarray(void *block, size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total)) {
    errno = ENOMEM;
    return NULL;
  }
  return realloc(block, total);
}

void *memalign(size_t alignment, size_t size) {
  return count_in(mi_malloc_aligned(size, alignment));
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *made = memalign(alignment, size);
  if (made == NULL) return ENOMEM;
  *block = made;
  return 0;
}

void *valloc(size_t size) { return memalign(4096, size); }

void *pvalloc(size_t size) { return memalign(4096, (size + 4095) & ~(size_t)4095); }

size_t malloc_usable_size(void *block) { return block == NULL ? 0 : mi_usable_size(block); }

bool allocation_ledger_is_active(void) { return true; }

allocation_ledger allocation_ledger_now(void) {
  return (allocation_ledger){
    .live_bytes = atomic_load_explicit(&live_bytes, memory_order_relaxed),
    .live_blocks = atomic_load_explicit(&live_blocks, memory_order_relaxed),
    .allocations = atomic_load_explicit(&allocations, memory_order_relaxed),
  };
}

#endif
