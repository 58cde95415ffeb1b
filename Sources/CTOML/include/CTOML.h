// TOML 1.0 by toml++, with the place of every key and value, behind plain C: no C++ type and no exception gets out.
#ifndef CTOML_H
#define CTOML_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/// A parsed document, or what is wrong with the text.
struct ctoml_document;

enum ctoml_kind {
    CTOML_STRING = 1,
    CTOML_INTEGER,
    CTOML_FLOAT,
    CTOML_BOOLEAN,
    CTOML_MOMENT,  // a date, a time or both
    CTOML_ARRAY,
    CTOML_TABLE,
};

/// Both count from 1; columns count code points. 0: the parser does not know.
struct ctoml_place {
    uint32_t line, column;
};

/// Bytes in UTF-8 that belong to the document; not terminated.
struct ctoml_text {
    const char *bytes;
    size_t count;
};

/// A value, and its key when it stands in a table. The nodes of a document form a list in which each table and array is
/// followed by all that it contains: `children` of them belong to it directly. The first node is the root table.
struct ctoml_node {
    enum ctoml_kind kind;
    struct ctoml_text key;
    struct ctoml_place key_place, place;
    struct ctoml_text text;  // of a string
    int64_t integer;
    bool boolean;
    size_t children;
};

/// Never NULL but when there is no memory. To be freed.
struct ctoml_document *ctoml_parse(const char *bytes, size_t count);
void ctoml_free(struct ctoml_document *document);

/// What is wrong, and where; a text of 0 bytes when nothing is.
struct ctoml_text ctoml_fault(const struct ctoml_document *document, struct ctoml_place *place);
/// 0 when something is wrong.
size_t ctoml_count(const struct ctoml_document *document);
/// `index` is below `ctoml_count`.
struct ctoml_node ctoml_node_at(const struct ctoml_document *document, size_t index);

#ifdef __cplusplus
}
#endif
#endif
