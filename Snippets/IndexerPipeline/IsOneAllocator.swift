//! Asks whether the whole process, LMDB and the Swift runtime included, uses one allocator.

import IndexerPipeline

let report = AllocatorReport.current()
if !report.isUnified { print(report) }

// snippet.hide
print(report.isUnified)

// Prints:
// true
