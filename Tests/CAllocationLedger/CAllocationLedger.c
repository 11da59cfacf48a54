#define _GNU_SOURCE
#include "CAllocationLedger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// How many entries a directory of /proc has, without allocating anything; -1 if it cannot be read.
static int64_t count_entries(const char *path) {
  struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
  };
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return -1;
  _Alignas(8) char entries[8192];
  int64_t count = 0;
  long byte_count;
  while ((byte_count = syscall(SYS_getdents64, directory, entries, sizeof entries)) > 0) {
    for (long position = 0; position < byte_count;) {
      const struct entry *entry = (const struct entry *)(entries + position);
      if (entry->name[0] != '.') count += 1;
      position += entry->length;
    }
  }
  close(directory);
  return byte_count < 0 ? -1 : count;
}

process_resources process_resources_now(void) {
  process_resources now = {-1, -1, -1};
  char text[128] = {0};
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    if (read(file, text, sizeof text - 1) > 0) {
      now.mapped_bytes = strtoll(text, NULL, 10) * sysconf(_SC_PAGESIZE);
    }
    close(file);
  }
  // The directory that is read is open itself.
  now.descriptors = count_entries("/proc/self/fd") - 1;
  now.threads = count_entries("/proc/self/task");
  return now;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED

bool allocation_ledger_is_active(void) { return false; }
allocation_ledger allocation_ledger_now(void) { return (allocation_ledger){0}; }

#else

// The malloc family and C++'s `operator new`, defined in the executable: the dynamic linker then
// finds these first for every library, libc's own callers, the Swift runtime and LMDB included.
// Each forwards to mimalloc and counts what that gives and takes.

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

// C++ blocks, by the names that `operator new` and `operator delete` have in the C++ ABI of 64-bit
// systems: mimalloc has them, too, and would be found first by the C++ libraries and the C++ part
// of the Swift runtime.
static void *make(size_t size) {
  void *block = malloc(size);
  // Where there would be an exception. No test runs out of memory on purpose.
  if (block == NULL) abort();
  return block;
}

static void *make_aligned(size_t size, size_t alignment) {
  void *block = memalign(alignment, size);
  if (block == NULL) abort();
  return block;
}

void *_Znwm(size_t size) { return make(size); }
void *_Znam(size_t size) { return make(size); }
void *_ZnwmRKSt9nothrow_t(size_t size, const void *tag) { (void)tag; return malloc(size); }
void *_ZnamRKSt9nothrow_t(size_t size, const void *tag) { (void)tag; return malloc(size); }
void *_ZnwmSt11align_val_t(size_t size, size_t alignment) { return make_aligned(size, alignment); }
void *_ZnamSt11align_val_t(size_t size, size_t alignment) { return make_aligned(size, alignment); }
void *_ZnwmSt11align_val_tRKSt9nothrow_t(size_t size, size_t alignment, const void *tag) {
  (void)tag;
  return memalign(alignment, size);
}
void *_ZnamSt11align_val_tRKSt9nothrow_t(size_t size, size_t alignment, const void *tag) {
  (void)tag;
  return memalign(alignment, size);
}
void _ZdlPv(void *block) { free(block); }
void _ZdaPv(void *block) { free(block); }
void _ZdlPvm(void *block, size_t size) { (void)size; free(block); }
void _ZdaPvm(void *block, size_t size) { (void)size; free(block); }
void _ZdlPvRKSt9nothrow_t(void *block, const void *tag) { (void)tag; free(block); }
void _ZdaPvRKSt9nothrow_t(void *block, const void *tag) { (void)tag; free(block); }
void _ZdlPvSt11align_val_t(void *block, size_t alignment) { (void)alignment; free(block); }
void _ZdaPvSt11align_val_t(void *block, size_t alignment) { (void)alignment; free(block); }
void _ZdlPvmSt11align_val_t(void *block, size_t size, size_t alignment) {
  (void)size;
  (void)alignment;
  free(block);
}
void _ZdaPvmSt11align_val_t(void *block, size_t size, size_t alignment) {
  (void)size;
  (void)alignment;
  free(block);
}
void _ZdlPvSt11align_val_tRKSt9nothrow_t(void *block, size_t alignment, const void *tag) {
  (void)alignment;
  (void)tag;
  free(block);
}
void _ZdaPvSt11align_val_tRKSt9nothrow_t(void *block, size_t alignment, const void *tag) {
  (void)alignment;
  (void)tag;
  free(block);
}

bool allocation_ledger_is_active(void) { return true; }

allocation_ledger allocation_ledger_now(void) {
  return (allocation_ledger){
    .live_bytes = atomic_load_explicit(&live_bytes, memory_order_relaxed),
    .live_blocks = atomic_load_explicit(&live_blocks, memory_order_relaxed),
    .allocations = atomic_load_explicit(&allocations, memory_order_relaxed),
  };
}

#endif
