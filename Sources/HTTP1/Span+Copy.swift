extension Span<UInt8> {
    /// The bytes in an array of their own, for what outlives the caller's buffer.
    var copied: [UInt8] {
        [UInt8](capacity: self.count) { output in
            for index in 0..<self.count { output.append(self[index]) }
        }
    }
}
