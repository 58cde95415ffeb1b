import Addresses
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("::", "::"), ("::1", "::1"), ("1::", "1::"),
        ("2001:db8::8:800:200c:417a", "2001:db8::8:800:200c:417a"),
        ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::ffff:1.2.3.4", "::ffff:102:304"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("0001::", "1::"), ("fe80::1:0:0:1", "fe80::1:0:0:1"),
    ])
    func version6(_ text: String, _ expected: String) {
        #expect(IPAddress(version6: text)?.description == expected)
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::", "::g",
        "12345::",
        "1.2.3.4", "1.2.3.4::", "::1.2.3", "fe80::1%eth0", ":1::", "1:", "::1 ", "+1::",
        "1:2:3:4:5:6:7:1.2.3.4",
    ])
    func notVersion6(_ text: String) { #expect(IPAddress(version6: text) == nil) }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1..2.3", "1.2.3.-4", "+1.2.3.4", "1.2.3.4 ",
    ])
    func notVersion4(_ text: String) { #expect(IPAddress(version4: text) == nil) }

    @Test func version4() {
        #expect(IPAddress(version4: "10.0.255.1")?.bytes == [10, 0, 255, 1])
        #expect(IPAddress(version4: "0.0.0.0")?.isAny == true)
    }

    @Test(arguments: ["0.0.0.0", "127.0.0.1", "10.200.3.255", "255.255.255.255"])
    func isMadeOfItsNumber(_ text: String) throws {
        let address = try #require(IPAddress(version4: text))
        #expect(IPAddress(number: address.number) == address)
    }

    @Test(arguments: ["::", "::1", "2001:db8::ff00:1", "::ffff:10.0.0.1"])
    func isMadeOfItsNumbers(_ text: String) throws {
        let address = try #require(IPAddress(version6: text))
        #expect(IPAddress(high: address.numbers.high, low: address.numbers.low) == address)
    }
}
