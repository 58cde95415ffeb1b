import Configuration
import ConfigurationFile
import FuzzInput
import Routing

/// Whatever stands in the file, there is a plan that can be printed or a mistake that points into the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    let text = Array(input.rest)
    let file = ConfigurationFile(name: "f", text: text)
    let lines = text.count { $0 == UInt8(ascii: "\n") } + 1
    switch file.check() {
    case .success(let checked):
        if checked.plan.routes.isEmpty || "\(checked.plan)".isEmpty { finding("a plan of nothing") }
        if !checked.plan.routeTable.conflicts.isEmpty { finding("routes in each other's way") }
        _ = file.report(checked.warnings)
    case .failure(let diagnostics):
        if diagnostics.entries.allSatisfy({ $0.severity == .warning }) { finding("refused without a mistake") }
        for entry in diagnostics.entries {
            guard case .file(let line, let column) = entry.source else { finding("no place") }
            if line < 1 || line > lines + 1 || column < 1 { finding("a place outside of the file") }
        }
        let report = file.report(diagnostics.entries)
        let isClean = report.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A || $0 == 0x09 }
        if !isClean { finding("a control byte") }
    }
    return 0
}
