package import TLSEngine

/// Certificates made for these tests by openssl(1), good until 2120: one authority and what it signed.
package enum Fixture {
    /// The authority itself.
    package static let authority = """
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

    /// For `a.example` and `*.b.example`.
    package static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBpDCCAUqgAwIBAgICEAEwCgYIKoZIzj0EAwIwJDEQMA4GA1UECgwHRXhhbXBs
        ZTEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAw
        MDAwMFowFDESMBAGA1UEAwwJYS5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0D
        AQcDQgAEm+3eQBjYrJMDT9hJ/e+usjdiSbySVi0T4YLlVXtGgrAD54y51Gs/mqow
        YJZpkz84bfGW2W4h535Q26JD73A4fKN6MHgwEwYDVR0lBAwwCgYIKwYBBQUHAwEw
        IQYDVR0RBBowGIIJYS5leGFtcGxlggsqLmIuZXhhbXBsZTAdBgNVHQ4EFgQUUL5U
        sLEvc9gIvpq0Wg0jBIGE78QwHwYDVR0jBBgwFoAUAJJMSC5e6GMbKbPemL8Dw78s
        gVQwCgYIKoZIzj0EAwIDSAAwRQIhAPm5wyG+AnDSIrP1qsLynoK37gIDTI0rajnq
        I33z65miAiBjbrgDuxU3DOKtALkaN6YWWiYX+1HCNh6vnJO7+xq8yQ==
        -----END CERTIFICATE-----
        """

    package static let serverKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQpdhdQzWgdvxvIi+
        bPJmNnfvslr0cJ0rFalvUqOALDqhRANCAASb7d5AGNiskwNP2En9766yN2JJvJJW
        LRPhguVVe0aCsAPnjLnUaz+aqjBglmmTPzht8ZbZbiHnflDbokPvcDh8
        -----END PRIVATE KEY-----
        """

    /// Of `serverKey`, without a name, good until 2021.
    package static let expired = """
        -----BEGIN CERTIFICATE-----
        MIIBeTCCAR+gAwIBAgICEAMwCgYIKoZIzj0EAwIwJDEQMA4GA1UECgwHRXhhbXBs
        ZTEQMA4GA1UEAwwHVGVzdCBDQTAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAw
        MDBaMA4xDDAKBgNVBAMMA29sZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJvt
        3kAY2KyTA0/YSf3vrrI3Ykm8klYtE+GC5VV7RoKwA+eMudRrP5qqMGCWaZM/OG3x
        ltluIed+UNuiQ+9wOHyjVzBVMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0GA1UdDgQW
        BBRQvlSwsS9z2Ai+mrRaDSMEgYTvxDAfBgNVHSMEGDAWgBQAkkxILl7oYxsps96Y
        vwPDvyyBVDAKBggqhkjOPQQDAgNIADBFAiAjTA0rcCIlBXrR1Jom6meIBEiXkmPg
        +vw4iOnQ7y2RQwIhAKxi08xftFWMDJvtZMqucISEb1ToolhiF5stnX06wK/f
        -----END CERTIFICATE-----
        """

    /// `O=Example, Inc.`, `CN=Ada Löve`.
    package static let client = """
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

    package static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXQ5Unvg9OfzXdS8Q
        76Coj9eZyiJnG6v3kZ+T0kaeaNehRANCAATnhcI0Ait3M5ZUXvEKWxawLYlzvWnP
        ItZkUNzVrV1A0TwaGveqGjKTcY58e9MSGTyQnWuxiZv+IZO8kpZoSXjq
        -----END PRIVATE KEY-----
        """

    /// `serverKey` behind a passphrase.
    package static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjIaOjoSmcXMgICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECUhQXXyfD7+upEZeGlF/Z0EgZA/
        L2JKyWOQD15sDWu+bLBBOqxdSpVDGwtnZvRELCpqPXQgHl2osaBk80tdphP9W2Gs
        6MVcUvLCL/A16dhSywRGnBHXOc8h80/f6LZWbEWOUWuPJdykEeeTp/hKV3OflST+
        r0RibVeSqez7wb6ciKE3xkYWab5x3M/KD10uiacjQaiShauZvi5X5nti1/hiqWg=
        -----END ENCRYPTED PRIVATE KEY-----
        """

    package static let authorities = NamedBytes("ca.pem", Fixture.authority)
    package static let serverIdentity = TLSIdentity(
        chain: NamedBytes("server.pem", Fixture.server), key: NamedBytes("server.key", Fixture.serverKey))
    package static let clientIdentity = TLSIdentity(
        chain: NamedBytes("client.pem", Fixture.client), key: NamedBytes("client.key", Fixture.clientKey))
}

extension NamedBytes {
    package init(_ name: String, _ text: String) { self.init(name: name, bytes: Array(text.utf8)) }
}
