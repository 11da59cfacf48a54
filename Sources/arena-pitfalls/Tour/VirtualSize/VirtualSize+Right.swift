import IndexerPipeline

/// An alarm that counts pages that are there: RssAnon of /proc/self/status.
func byteCountByPages() -> Int {
  ProcessMemory.current()?.residentAnonymousByteCount ?? 0
}
