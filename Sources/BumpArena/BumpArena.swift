/// A bump arena.
public struct BumpArena: ~Copyable {}
