import Addresses
import Testing

@Suite struct AddressBlockTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("127.0.0.1", "127.0.0.1", true),
        ("127.0.0.1", "127.0.0.2", false), ("0.0.0.0/0", "8.8.8.8", true), ("192.168.4.0/22", "192.168.7.9", true),
        ("192.168.4.0/22", "192.168.8.0", false), ("2001:db8::/32", "2001:db8:1::1", true),
        ("2001:db8::/32", "2001:db9::1", false), ("::1", "::1", true), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("10.0.0.0/8", "::a01:203", false), ("::/0", "10.1.2.3", false),
    ])
    func addressesLieWithinOrNot(_ block: String, _ address: String, _ expected: Bool) throws {
        let block = try #require(AddressBlock(block))
        let address = try #require(IPAddress(version4: address) ?? IPAddress(version6: address))
        #expect(block.contains(address) == expected)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.1/8", "::1/129", "10.0.0/8", "host", "10.0.0.0/", "10.0.0.0/-1", "/8"])
    func whatIsNoBlockIsNone(_ text: String) { #expect(AddressBlock(text) == nil) }
}
