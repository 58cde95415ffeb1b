import Configuration
import Testing

/// A text, and the value as printed or the problem with it.
struct ValueRow: CustomTestStringConvertible, Sendable {
    var text: String
    var expected: String
    init(_ text: String, _ expected: String) { (self.text, self.expected) = (text, expected) }
    var testDescription: String { self.text.debugDescription }

    func outcome<Value: OptionValue>(_ type: Value.Type) -> String {
        do throws(ValueFault) {
            return try Value(parsing: self.text).description
        } catch {
            return "! \(error.problem)"
        }
    }
}

@Suite struct ValueTests {
    @Test(arguments: [
        ValueRow("0", "0"), ValueRow("100", "100"), ValueRow("1024", "1KiB"), ValueRow("1025", "1025"),
        ValueRow("64KiB", "64KiB"), ValueRow("1024KiB", "1MiB"), ValueRow("1MiB", "1MiB"),
        ValueRow("3GiB", "3GiB"),
        ValueRow("9223372036854775807", "9223372036854775807"),
        ValueRow("9223372036854775808", "! larger than this machine can count"),
        ValueRow("8589934592GiB", "! larger than this machine can count"),
        ValueRow("18446744073709551616", "! not a number of bytes"),
        ValueRow("", "! not a number of bytes"), ValueRow("KiB", "! not a number of bytes"),
        ValueRow("-1", "! not a number of bytes"), ValueRow("+1", "! not a number of bytes"),
        ValueRow("unlimited", "! not a number of bytes"), ValueRow("1 KiB", "! unknown unit ' KiB'"),
        ValueRow("1KB", "! unknown unit 'KB'"), ValueRow("1k", "! unknown unit 'k'"),
        ValueRow("1.5MiB", "! unknown unit '.5MiB'"), ValueRow("٣", "! not a number of bytes"),
    ])
    func byteCounts(_ row: ValueRow) { #expect(row.outcome(ByteCount.self) == row.expected) }

    @Test(arguments: [
        ValueRow("0s", "0s"), ValueRow("250ms", "250ms"), ValueRow("1000ms", "1s"), ValueRow("30s", "30s"),
        ValueRow("90s", "90s"), ValueRow("60s", "1m"), ValueRow("5m", "5m"), ValueRow("1h", "1h"),
        ValueRow("24h", "1d"), ValueRow("1us", "1us"), ValueRow("7ns", "7ns"),
        ValueRow("30", "! has no unit"),
        ValueRow("s", "! not a length of time"), ValueRow("", "! not a length of time"),
        ValueRow("1min", "! unknown unit 'min'"), ValueRow("1.5s", "! unknown unit '.5s'"),
        ValueRow("-1s", "! not a length of time"), ValueRow("99999999999s", "! longer than 146 years"),
        ValueRow("18446744073709551615d", "! longer than 146 years"),
    ])
    func timeSpans(_ row: ValueRow) { #expect(row.outcome(TimeSpan.self) == row.expected) }

    @Test(arguments: [
        ValueRow("100/s", "100/s"), ValueRow("600/m", "600/m"), ValueRow("1/h", "1/h"),
        ValueRow("0/s", "! must be from 1 to 1000000000"),
        ValueRow("1000000001/s", "! must be from 1 to 1000000000"),
        ValueRow("100", "! not a rate"), ValueRow("/s", "! not a rate"), ValueRow("1/d", "! not a rate"),
    ])
    func rates(_ row: ValueRow) { #expect(row.outcome(Rate.self) == row.expected) }

    @Test(arguments: [
        ValueRow("unlimited", "unlimited"), ValueRow("3", "3"), ValueRow("0", "0"),
        ValueRow("Unlimited", "! not a whole number"), ValueRow("", "! not a whole number"),
    ])
    func limits(_ row: ValueRow) { #expect(row.outcome(Limit<Int>.self) == row.expected) }

    @Test(arguments: [
        ValueRow("127.0.0.1:8080", "127.0.0.1:8080"), ValueRow("0.0.0.0:0", "0.0.0.0:0"),
        ValueRow("localhost:80", "127.0.0.1:80"), ValueRow("[::1]:80", "[::1]:80"),
        ValueRow("[::]:65535", "[::]:65535"),
        ValueRow("unix:/run/a.sock", "unix:/run/a.sock"), ValueRow("unix:a:b", "unix:a:b"),
        ValueRow("unix:", "! has no path"),
        ValueRow(
            "unix:/" + String(repeating: "x", count: 106), "unix:/" + String(repeating: "x", count: 106)),
        ValueRow("unix:/" + String(repeating: "x", count: 107), "! longer than the system allows"),
        ValueRow(":80", "! has no address"), ValueRow("*:80", "! has no address"),
        ValueRow("80", "! has no port"),
        ValueRow("", "! has no port"), ValueRow("[::1]", "! has no port"),
        ValueRow("127.0.0.1:", "! has no port from 0 to 65535"),
        ValueRow("127.0.0.1:65536", "! has no port from 0 to 65535"),
        ValueRow("127.0.0.1:+1", "! has no port from 0 to 65535"),
        ValueRow("::1:80", "! an IPv6 address stands in brackets"),
        ValueRow("example.org:80", "! not a numeric address"),
        ValueRow("127.0.0.256:80", "! not a numeric address"),
        ValueRow("[1.2.3.4]:80", "! not an IPv6 address"),
    ])
    func listenAddresses(_ row: ValueRow) { #expect(row.outcome(ListenAddress.self) == row.expected) }

    @Test(arguments: [
        ValueRow("nofile=256", "nofile=256"), ValueRow("as=1GiB", "as=1GiB"), ValueRow("core=0", "core=0"),
        ValueRow("cpu=unlimited", "cpu=unlimited"), ValueRow("nofile", "! has no value"),
        ValueRow("files=1", "! unknown value"), ValueRow("nofile=x", "! not a number of bytes"),
    ])
    func resourceLimits(_ row: ValueRow) { #expect(row.outcome(ResourceLimit.self) == row.expected) }

    @Test(arguments: [
        ValueRow("www-data", "www-data"), ValueRow("1000", "1000"), ValueRow("", "! not a name or number"),
        ValueRow("a:b", "! not a name or number"), ValueRow("4294967295", "4294967295"),
    ])
    func accountNames(_ row: ValueRow) { #expect(row.outcome(AccountName.self) == row.expected) }

    /// -1 as a number would mean "leave it as it is" to setuid.
    @Test func theHighestUserNumberIsOnlyAName() throws {
        #expect(try AccountName(parsing: "4294967295") == .name("4294967295"))
        #expect(try AccountName(parsing: "4294967294") == .id(4_294_967_294))
    }

    @Test(arguments: [
        "127.0.0.1:1", "127.255.0.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "localhost:1", "unix:/a",
    ])
    func loopback(_ text: String) throws { #expect(try ListenAddress(parsing: text).isLoopback) }

    @Test(arguments: ["128.0.0.1:1", "0.0.0.0:1", "[::]:1", "[::2]:1", "[::ffff:128.0.0.1]:1", "[1::1]:1"])
    func notLoopback(_ text: String) throws { #expect(try !ListenAddress(parsing: text).isLoopback) }
}
