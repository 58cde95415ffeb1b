import TLSEngine

/// A client's certificate and who signed it, made by openssl(1), good until 2120.
enum ClientFixture {
    /// The authority itself.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBezCCASKgAwIBAgICEAAwCgYIKoZIzj0EAwIwJDEQMA4GA1UECgwHRXhhbXBs
        ZTEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAw
        MDAwMFowJDEQMA4GA1UECgwHRXhhbXBsZTEQMA4GA1UEAwwHVGVzdCBDQTBZMBMG
        ByqGSM49AgEGCCqGSM49AwEHA0IABChpbV+VGZej8dWCakRmqb9or6A/t2kji/VD
        yFxyMK+zCL9yeGQr4X5PaFrQQo1dRU/MN5BK1/ZF9vF/I2oBLLejQjBAMA8GA1Ud
        EwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBQAkkxILl7oYxsp
        s96YvwPDvyyBVDAKBggqhkjOPQQDAgNHADBEAiApkfJFuVpKk8/P0zNEzpdveDj3
        lEpc1tXY+sr7kFb8nAIgIsqUkOYrPtmqlmr9MHpQTMJgG+lN1xnl/RUB3KpQKTQ=
        -----END CERTIFICATE-----
        """

    /// `O=Example, Inc.`, `CN=Ada Löve`.
    static let client = """
        -----BEGIN CERTIFICATE-----
        MIIBmTCCAT+gAwIBAgICEAIwCgYIKoZIzj0EAwIwJDEQMA4GA1UECgwHRXhhbXBs
        ZTEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAw
        MDAwMFowLDEWMBQGA1UECgwNRXhhbXBsZSwgSW5jLjESMBAGA1UEAwwJQWRhIEzD
        tnZlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE54XCNAIrdzOWVF7xClsWsC2J
        c71pzyLWZFDc1a1dQNE8Ghr3qhoyk3GOfHvTEhk8kJ1rsYmb/iGTvJKWaEl46qNX
        MFUwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFAS3k9ooScCXkpVlVQt3
        cmBeC2ePMB8GA1UdIwQYMBaAFACSTEguXuhjGymz3pi/A8O/LIFUMAoGCCqGSM49
        BAMCA0gAMEUCIQCBtM3DD7nck4R/Qd6FdCNs+x7440NkXcONisS+zhYb3gIgQ5l0
        6EFFKMWQpe3HeoSz2JBincNwKWFIKs/f+oiQxoU=
        -----END CERTIFICATE-----
        """

    static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXQ5Unvg9OfzXdS8Q
        76Coj9eZyiJnG6v3kZ+T0kaeaNehRANCAATnhcI0Ait3M5ZUXvEKWxawLYlzvWnP
        ItZkUNzVrV1A0TwaGveqGjKTcY58e9MSGTyQnWuxiZv+IZO8kpZoSXjq
        -----END PRIVATE KEY-----
        """

    static let authorities = NamedBytes(name: "authority", bytes: Array(ClientFixture.authority.utf8))
    static let identity = TLSIdentity(
        chain: NamedBytes(name: "client", bytes: Array(ClientFixture.client.utf8)),
        key: NamedBytes(name: "client key", bytes: Array(ClientFixture.clientKey.utf8)))
}
