extension OptionTable {
    static let files: [OptionRow] = [
        OptionRow(
            .static, .files, "DIR", scope: .handler,
            "Answer plain requests with the files of this folder, alone or beside a bridge on the same path."),
        OptionRow(
            .staticIndex, .files, "LIST", standard: FilesPlan.indexStandard[0], repeats: true,
            "Files that stand for their folder: the first that is there."),
        OptionRow(
            .tryFiles, .files, "LIST", repeats: true,
            "Files to answer with when there is none at the path: {path}.html, index.html."),
        OptionRow(.staticListing, .files, nil, "Show what is in a folder that has no index file."),
        OptionRow(
            .staticPrecompressed, .files, nil,
            "Send NAME.br or NAME.gz in place of NAME, where it is there and the client takes it."),
        OptionRow(
            .staticCache, .files, "TEXT", "The Cache-Control field of files, like \"max-age=3600\"."),
        OptionRow(
            .staticType, .files, "ENDING=TYPE", repeats: true,
            "The type of files with this ending, besides those that are known: glsl=text/plain."),
    ]
}
