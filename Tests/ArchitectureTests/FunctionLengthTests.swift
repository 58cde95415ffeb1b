import Testing

@Suite struct FunctionLengthTests {
    @Test func functionsWithinTypesAndFunctionsAreMeasured() {
        let text = """
            struct A {
                init() {}
                func b() {
                    if c { d() }
                    func e() {
                    }
                }
                let f = "}"
            }
            """
        let file = SourceFile(path: "a", lines: text.split(separator: "\n"))
        let functions = FunctionLength.measure(file)
        #expect(functions.map(\.line) == [2, 5, 3])
        #expect(functions.map(\.lines) == [1, 2, 5])
    }
}
