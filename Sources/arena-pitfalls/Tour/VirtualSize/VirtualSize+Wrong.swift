import IndexerPipeline

/// An alarm that takes addresses for memory: VmSize of /proc/self/status.
func byteCountByAddresses() -> Int {
  ProcessMemory.current()?.virtualByteCount ?? 0
}
