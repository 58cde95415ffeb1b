/// Bytes that nobody can guess (getrandom(2), by way of the standard library).
package enum Random {
    package static var word: UInt64 {
        var source = SystemRandomNumberGenerator()
        return source.next()
    }
}
