// swift-tools-version: 6.2
// Targets stand in dependency order: a target may only depend on those above it.
import PackageDescription

/// The settings of every Swift target: each `unsafe` expression is marked, warnings are errors.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// For the modules that define `~Escapable` types. Their clients need no flag.
let strictWithLifetimes: [SwiftSetting] = strict + [.enableExperimentalFeature("Lifetimes")]

let package = Package(
  name: "bump-arena",
  products: [
    .library(name: "BumpArena", targets: ["BumpArena"]),
    .library(name: "ArenaCollections", targets: ["ArenaCollections"]),
    .library(name: "IndexerPipeline", targets: ["IndexerPipeline"]),
    .executable(name: "arena-index", targets: ["arena-index"]),
    .executable(name: "arena-pitfalls", targets: ["arena-pitfalls"]),
    .executable(name: "arena-bench", targets: ["arena-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // The arena and its collections: standard library and libc only.
    .target(name: "BumpArena", swiftSettings: strictWithLifetimes),
    .target(
      name: "ArenaCollections", dependencies: ["BumpArena"], swiftSettings: strictWithLifetimes),

    // C libraries, each behind a header of ours that holds only what Swift needs.
    .systemLibrary(
      name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
    .systemLibrary(
      name: "CMimalloc", providers: [.apt(["libmimalloc-dev"])]),
    .systemLibrary(
      name: "CRoaring", providers: [.apt(["libroaring-dev"])]),
    .systemLibrary(
      name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(
      name: "CXXHash", pkgConfig: "libxxhash",
      providers: [.apt(["libxxhash-dev"])]),
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CUnicode", linkerSettings: [.linkedLibrary("icuuc")]),

    // The operating system, without a word about indexes: files, locks, threads, memory, errors.
    .target(name: "SystemSupport", dependencies: ["CMimalloc"], swiftSettings: strictWithLifetimes),

    // Key-value storage: the only Swift target that says `mdb_`.
    .target(
      name: "LMDB", dependencies: ["SystemSupport", "CLMDB", "CXXHash"],
      swiftSettings: strictWithLifetimes),

    // Bytes to documents.
    .target(
      name: "DocumentInput", dependencies: ["SystemSupport", "CSimdJSON", "CXXHash"],
      swiftSettings: strictWithLifetimes),

    // Documents to the blocks of a segment, and back. Knows neither files nor the key-value store.
    // Its declarations are public: the compiler inlines none that is package into other targets.
    .target(
      name: "SegmentFormat",
      dependencies: [
        "ArenaCollections", "BumpArena", "SystemSupport", "CLZ4", "CRoaring", "CUnicode", "CXXHash",
      ],
      swiftSettings: strictWithLifetimes),

    // One index: segments in a key-value store, without names, tasks and input.
    .target(
      name: "IndexEngine",
      dependencies: ["SegmentFormat", "LMDB", "SystemSupport", "ArenaCollections", "BumpArena"],
      swiftSettings: strictWithLifetimes),

    // The product: a store of indexes, and a queue of tasks.
    .target(
      name: "IndexerPipeline",
      dependencies: [
        "IndexEngine", "DocumentInput", "SegmentFormat", "LMDB", "SystemSupport",
        "ArenaCollections", "BumpArena", "CSimdJSON",
      ],
      swiftSettings: strictWithLifetimes),

    // Programs.
    .executableTarget(
      name: "arena-index",
      dependencies: [
        "IndexerPipeline",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "arena-pitfalls",
      dependencies: [
        "ArenaCollections", "BumpArena", "IndexerPipeline", "LMDB",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      // Code that does not compile, for the compiler's message.
      exclude: ["Rejected"],
      swiftSettings: strict,
      plugins: ["PitfallListings"]),
    // The program shows the code that it runs: its text becomes a source file while it is built.
    .plugin(
      name: "PitfallListings", capability: .buildTool(), dependencies: ["listing-generator"]),
    .executableTarget(
      name: "listing-generator", path: "Plugins/listing-generator", swiftSettings: strict),
    .target(name: "CBenchmark", path: "Benchmarks/CBenchmark"),
    .executableTarget(
      name: "arena-bench",
      dependencies: [
        "ArenaCollections", "BumpArena", "CBenchmark",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks",
      exclude: ["CBenchmark", "Statistics", "Workload", "Peers", "Thresholds.json"],
      swiftSettings: strict),
    .target(name: "Statistics", path: "Benchmarks/Statistics", swiftSettings: strict),
    // Apart from arena-bench, which measures the C library's malloc: this one links mimalloc.
    .executableTarget(
      name: "arena-workload",
      dependencies: [
        "IndexerPipeline", "Statistics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/Workload",
      swiftSettings: strict),

    // Tests.
    .target(
      name: "ArenaTestSupport", dependencies: ["ArenaCollections", "BumpArena"],
      path: "Tests/ArenaTestSupport",
      swiftSettings: strictWithLifetimes),
    .testTarget(
      name: "ArenaTests", dependencies: ["ArenaCollections", "BumpArena", "ArenaTestSupport"],
      swiftSettings: strictWithLifetimes),
    .testTarget(
      name: "LMDBTests", dependencies: ["LMDB", "ArenaTestSupport"],
      swiftSettings: strictWithLifetimes),
    .testTarget(
      name: "SystemSupportTests", dependencies: ["SystemSupport", "ArenaTestSupport"],
      swiftSettings: strictWithLifetimes),
    .testTarget(
      name: "DocumentInputTests",
      dependencies: ["DocumentInput", "SystemSupport", "ArenaTestSupport"],
      swiftSettings: strictWithLifetimes),
    .testTarget(
      name: "SegmentFormatTests",
      dependencies: [
        "SegmentFormat", "SystemSupport", "ArenaCollections", "BumpArena", "ArenaTestSupport",
      ],
      swiftSettings: strictWithLifetimes),
    .testTarget(
      name: "IndexEngineTests",
      dependencies: [
        "IndexEngine", "SegmentFormat", "LMDB", "SystemSupport", "ArenaCollections", "BumpArena",
        "ArenaTestSupport",
      ],
      swiftSettings: strictWithLifetimes),
    .testTarget(
      name: "IndexerPipelineTests",
      dependencies: [
        "IndexerPipeline", "IndexEngine", "DocumentInput", "SegmentFormat", "LMDB",
        "SystemSupport", "ArenaCollections", "BumpArena", "ArenaTestSupport",
      ],
      swiftSettings: strictWithLifetimes),
    // Counts every block of the test process: its `malloc` and `operator new` are found before any
    // other.
    .target(
      name: "CAllocationLedger", path: "Tests/CAllocationLedger",
      linkerSettings: [.linkedLibrary("mimalloc")]),
    .testTarget(
      name: "LeakRegressionTests",
      dependencies: [
        "ArenaCollections", "BumpArena", "CSimdJSON", "IndexerPipeline", "LMDB", "ArenaTestSupport",
        "CAllocationLedger", "Statistics",
      ],
      swiftSettings: strictWithLifetimes),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "arena-index", "arena-bench", "arena-workload", "arena-pitfalls", "ArenaTestSupport",
      ],
      swiftSettings: strict),
    // What the repository looks like: layers, documentation, tidiness.
    .testTarget(
      name: "RepositoryTests", dependencies: ["IndexerPipeline", "ArenaTestSupport"],
      swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)
