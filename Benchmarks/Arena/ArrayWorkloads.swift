/// The workloads on the standard library's array.
enum ArrayWorkloads {
  static func run(_ workload: Workload, scale: Int) -> WorkResult {
    switch workload {
    case .push:
      return timed {
        var array: [UInt64] = []
        return push(&array, scale)
      }
    case .pushWarm:
      var array: [UInt64] = []
      let first = push(&array, scale)
      array.removeAll(keepingCapacity: true)
      var result = timed { push(&array, scale) }
      result.checksum &+= first
      return result
    default:
      preconditionFailure("ArrayWorkloads has no such workload")
    }
  }

  @inline(never)
  private static func push(_ array: inout [UInt64], _ count: Int) -> UInt64 {
    for number in 0..<count { array.append(UInt64(number)) }
    return array[count / 2] &+ array[count - 1]
  }
}
