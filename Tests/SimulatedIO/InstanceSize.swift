/// How many bytes an object of a class takes, header included: what the allocator is asked for.
///
/// It stands in the class's metadata (swift/ABI/Metadata.h: kind, superclass, then flags, address point and size of 32
/// bits each).
package func instanceByteCount(of type: AnyClass) -> Int {
    let metadata = unsafe unsafeBitCast(type, to: UnsafeRawPointer.self)
    return Int(unsafe metadata.load(fromByteOffset: 24, as: UInt32.self))
}
