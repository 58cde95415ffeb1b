import FuzzInput
import Upstreams

/// A map that was read is read again from what it says, and every mistake has its place.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    var reader = TokenMapReader()
    reader.read(input.rest, name: "t")
    let lines = input.rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for diagnostic in reader.diagnostics {
        let line = lines[diagnostic.line - 1]
        precondition((1...line.count + 1).contains(diagnostic.column), "\(diagnostic)")
    }
    let text = reader.map.servers.map { "\($0.key): \($0.value)\n" }.joined()
    var again = TokenMapReader()
    again.read(Array(text.utf8), name: "u")
    expectSame(again.diagnostics, [], text)
    expectSame(again.map, reader.map, text)
    return 0
}
