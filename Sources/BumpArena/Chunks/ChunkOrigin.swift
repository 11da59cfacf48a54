/// Where the memory of an arena's chunks comes from and goes back to.
enum ChunkOrigin: Sendable {
  case malloc
  case hugePages
  case addressRange(byteCount: Int, usesHugePages: Bool)
  case source(any ChunkSource)
}
