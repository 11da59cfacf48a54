#include "CBenchmark.h"

#include <chrono>
#include <cstring>
#include <memory_resource>
#include <string>
#include <vector>

namespace {

/// Counts what the arena holds.
struct CountingUpstream : std::pmr::memory_resource {
  size_t held = 0;

  void *do_allocate(size_t bytes, size_t alignment) override {
    held += bytes;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void *memory, size_t bytes, size_t alignment) override {
    held -= bytes;
    std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(const memory_resource &other) const noexcept override { return this == &other; }
};

template <size_t words> struct Record {
  uint64_t word[words];
  explicit Record(uint64_t number) {
    for (auto &each : word) each = number;
  }
};

template <size_t words>
__attribute__((noinline)) uint64_t allocate(std::pmr::memory_resource &arena, size_t count) {
  for (size_t number = 0; number < count; ++number) {
    new (arena.allocate(sizeof(Record<words>), alignof(Record<words>))) Record<words>(number);
  }
  return count;
}

__attribute__((noinline)) uint64_t allocate_mixed(std::pmr::memory_resource &arena, size_t count) {
  uint64_t total = 0;
  for (size_t number = 0; number < count; ++number) {
    size_t bytes = 1 + (number * 0x9e3779b97f4a7c15u >> 57);
    memset(arena.allocate(bytes, 1), (uint8_t)number, bytes);
    total += bytes;
  }
  return total;
}

__attribute__((noinline)) uint64_t allocate_megabytes(
    std::pmr::memory_resource &arena, size_t count) {
  for (size_t number = 0; number < count; ++number) {
    memset(arena.allocate(1 << 20, 1), (uint8_t)number, 1 << 20);
  }
  return count;
}

__attribute__((noinline)) uint64_t copy_strings(std::pmr::memory_resource &arena, size_t count) {
  std::vector<uint8_t> text(4096);
  for (size_t i = 0; i < text.size(); ++i) text[i] = (uint8_t)(i * 7 + (i >> 3));
  uint64_t total = 0;
  for (size_t number = 0; number < count; ++number) {
    size_t bytes = 5 + (number & 15);
    memcpy(arena.allocate(bytes, 1), text.data() + ((number * 61) & 2047), bytes);
    total += bytes;
  }
  return total;
}

__attribute__((noinline)) uint64_t push(std::pmr::memory_resource &arena, size_t count) {
  std::pmr::vector<uint64_t> vector(&arena);
  for (size_t number = 0; number < count; ++number) vector.push_back(number);
  return vector[count / 2] + vector[count - 1];
}

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

template <typename Body> void fresh(Body body, benchmark_result *result) {
  CountingUpstream upstream;
  auto start = Clock::now();
  {
    std::pmr::monotonic_buffer_resource arena(&upstream);
    result->checksum = body(arena);
    result->reserved = upstream.held;
  }
  result->seconds = since(start);
}

template <typename Body> void warm(Body body, benchmark_result *result) {
  CountingUpstream upstream;
  std::pmr::monotonic_buffer_resource arena(&upstream);
  uint64_t first = body(arena);
  arena.release();
  auto start = Clock::now();
  result->checksum = first + body(arena);
  result->seconds = since(start);
  result->reserved = upstream.held;
}

} // namespace

int benchmark_polymorphic_arena(const char *name, size_t scale, benchmark_result *result) {
  std::string workload(name);
  auto mixed = [=](auto &arena) { return allocate_mixed(arena, scale); };
  if (workload == "allocate-8") {
    fresh([=](auto &arena) { return allocate<1>(arena, scale); }, result);
  } else if (workload == "allocate-24") {
    fresh([=](auto &arena) { return allocate<3>(arena, scale); }, result);
  } else if (workload == "allocate-64") {
    fresh([=](auto &arena) { return allocate<8>(arena, scale); }, result);
  } else if (workload == "allocate-1-128") {
    fresh(mixed, result);
  } else if (workload == "allocate-8-warm") {
    warm([=](auto &arena) { return allocate<1>(arena, scale); }, result);
  } else if (workload == "allocate-24-warm") {
    warm([=](auto &arena) { return allocate<3>(arena, scale); }, result);
  } else if (workload == "allocate-1-mb-warm") {
    warm([=](auto &arena) { return allocate_megabytes(arena, scale / 100000); }, result);
  } else if (workload == "strings") {
    fresh([=](auto &arena) { return copy_strings(arena, scale); }, result);
  } else if (workload == "push") {
    fresh([=](auto &arena) { return push(arena, scale); }, result);
  } else if (workload == "push-warm") {
    warm([=](auto &arena) { return push(arena, scale); }, result);
  } else if (workload == "small-arenas") {
    auto start = Clock::now();
    for (size_t number = 0; number < scale / 400; ++number) {
      std::pmr::monotonic_buffer_resource arena;
      allocate<3>(arena, 400);
    }
    result->seconds = since(start);
    result->checksum = scale / 400;
    result->reserved = 0;
  } else {
    return -1;
  }
  return 0;
}
