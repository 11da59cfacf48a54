// The public types that live in the targets below: a program imports `IndexerPipeline` alone.
@_exported public import DocumentInput
@_exported public import IndexEngine
@_exported public import SystemSupport
