package import HTTPSemantics

/// The type of a file by the ending of its name.
///
/// The table is what pages and what they offer need; the machine's /etc/mime.types is not read, so that the same files
/// have the same types everywhere. What is not known is `application/octet-stream`, and browsers are told not to guess
/// (`nosniff`).
package struct MediaTypes: Sendable {
    private let types: [String: FieldValue]
    package static let unknown: FieldValue = "application/octet-stream"

    /// `added` comes before the table: endings in lower case without their dot.
    package init(adding added: [(ending: String, type: String)] = []) {
        var types = Self.standard
        for (ending, type) in added { types[ending] = FieldValue(type) }
        self.types = types
    }

    package func type(ofEnding ending: String) -> FieldValue { self.types[ending] ?? Self.unknown }

    package static var standardCount: Int { Self.standard.count }

    private static let standard: [String: FieldValue] = {
        var types: [String: FieldValue] = [:]
        for line in Self.table.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let type = words.first else { continue }
            // Text without a charset is Latin-1 to some; what people write today is UTF-8.
            let isText = type.hasPrefix("text/") || Self.textualTypes.contains(type)
            let value = FieldValue(isText ? "\(type); charset=utf-8" : String(type))
            for ending in words.dropFirst() { types[String(ending)] = value }
        }
        return types
    }()

    private static let textualTypes: Set<Substring> = [
        "application/xml", "application/xhtml+xml", "application/manifest+json",
        "application/atom+xml", "application/rss+xml",
    ]

    private static let table = """
        text/html html htm
        text/css css
        text/javascript js mjs cjs
        text/plain txt text log conf ini toml
        text/markdown md markdown
        text/csv csv
        text/tab-separated-values tsv
        text/calendar ics
        text/vcard vcf
        text/vtt vtt
        text/yaml yaml yml
        application/json json map
        application/geo+json geojson
        application/ld+json jsonld
        application/manifest+json webmanifest
        application/schema+json jschema
        application/wasm wasm
        application/xml xml xsl xsd
        application/xhtml+xml xhtml
        application/atom+xml atom
        application/rss+xml rss
        application/pdf pdf
        application/rtf rtf
        application/epub+zip epub
        application/zip zip
        application/gzip gz tgz
        application/zstd zst
        application/x-bzip2 bz2
        application/x-xz xz
        application/x-tar tar
        application/x-7z-compressed 7z
        application/vnd.rar rar
        application/java-archive jar
        application/vnd.debian.binary-package deb
        application/vnd.ms-fontobject eot
        application/vnd.apple.mpegurl m3u8
        application/dash+xml mpd
        application/x-sh sh
        application/sql sql
        application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
        application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
        application/vnd.oasis.opendocument.text odt
        application/vnd.oasis.opendocument.spreadsheet ods
        application/msword doc
        application/vnd.ms-excel xls
        application/vnd.ms-powerpoint ppt
        image/png png
        image/apng apng
        image/jpeg jpg jpeg jfif
        image/gif gif
        image/webp webp
        image/avif avif
        image/heic heic
        image/jxl jxl
        image/svg+xml svg
        image/bmp bmp
        image/tiff tif tiff
        image/x-icon ico cur
        font/woff woff
        font/woff2 woff2
        font/ttf ttf
        font/otf otf
        font/collection ttc
        audio/mpeg mp3
        audio/mp4 m4a
        audio/aac aac
        audio/ogg oga ogg opus
        audio/flac flac
        audio/wav wav
        audio/webm weba
        audio/midi mid midi
        video/mp4 mp4 m4v
        video/webm webm
        video/ogg ogv
        video/quicktime mov
        video/x-msvideo avi
        video/x-matroska mkv
        video/mp2t ts
        video/mpeg mpeg mpg
        model/gltf-binary glb
        model/gltf+json gltf
        """
}
