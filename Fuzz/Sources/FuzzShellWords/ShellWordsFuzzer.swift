import Configuration
import FuzzInput

/// Words that came out of a split come out again when each is quoted.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    guard let words = try? ShellWords.split(String(decoding: input.rest, as: UTF8.self)) else { return 0 }
    let single = words.map { "'\($0.scalars.map { $0 == "'" ? "'\\''" : String($0) }.joined())'" }
    let escaped = words.map { word in
        word.isEmpty ? "\"\"" : word.scalars.map { $0 == "\n" ? "'\n'" : "\\\($0)" }.joined()
    }
    for line in [single.joined(separator: " "), escaped.joined(separator: "\t\n ")] {
        let again = try? ShellWords.split(line)
        // By scalars: two strings are equal when they are canonically so.
        expectSame(again?.map { Array($0.unicodeScalars) }, words.map { Array($0.unicodeScalars) }, line)
    }
    return 0
}

extension String {
    fileprivate var scalars: [Unicode.Scalar] { Array(self.unicodeScalars) }
}
