#include "CTOML.h"

#include <utility>

namespace {
/// toml++ 3.3 has assertions that an input can reach (`[`, a line end, a letter); they must not end the program.
struct parser_gave_up {};
}  // namespace
#undef NDEBUG  // with it, toml++ takes them for granted
#define TOML_ASSERT(expression) ((expression) ? void() : throw parser_gave_up())

// Header-only, so that no library has to be there when the program runs.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
// A table, a list in it, a table in that: nobody needs more, and the parser recurses. ctoml_parse bounds dotted keys.
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <vector>

struct ctoml_document {
    toml::table root;
    std::vector<ctoml_node> nodes;
    std::string fault;
    ctoml_place fault_place{0, 0};
};

namespace {

// Each dot of a key makes a table inside a table, and tables are destroyed by recursion: a line of half a million dots
// would end the program.
constexpr size_t dots_per_line_max = 64;

ctoml_place place_of(const toml::source_position &position) {
    return {static_cast<uint32_t>(position.line), static_cast<uint32_t>(position.column)};
}

ctoml_text text_of(std::string_view text) { return {text.data(), text.size()}; }

void append(std::vector<ctoml_node> &nodes, const toml::node &value, const toml::key *key);

void append_table(std::vector<ctoml_node> &nodes, const toml::table &table) {
    // toml++ sorts by key; whoever reads wants the order of the file.
    std::vector<std::pair<const toml::key *, const toml::node *>> entries;
    for (auto &&[key, value] : table) entries.emplace_back(&key, &value);
    std::stable_sort(entries.begin(), entries.end(), [](const auto &left, const auto &right) {
        return left.first->source().begin < right.first->source().begin;
    });
    for (auto &&[key, value] : entries) append(nodes, *value, key);
}

void append(std::vector<ctoml_node> &nodes, const toml::node &value, const toml::key *key) {
    ctoml_node node{};
    node.place = place_of(value.source().begin);
    if (key) {
        node.key = text_of(key->str());
        node.key_place = place_of(key->source().begin);
    }
    switch (value.type()) {
    case toml::node_type::string:
        node.kind = CTOML_STRING;
        node.text = text_of(value.as_string()->get());
        break;
    case toml::node_type::integer:
        node.kind = CTOML_INTEGER;
        node.integer = value.as_integer()->get();
        break;
    case toml::node_type::boolean:
        node.kind = CTOML_BOOLEAN;
        node.boolean = value.as_boolean()->get();
        break;
    case toml::node_type::floating_point: node.kind = CTOML_FLOAT; break;
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time: node.kind = CTOML_MOMENT; break;
    case toml::node_type::array:
        node.kind = CTOML_ARRAY;
        node.children = value.as_array()->size();
        break;
    case toml::node_type::table:
        node.kind = CTOML_TABLE;
        node.children = value.as_table()->size();
        break;
    case toml::node_type::none: return;
    }
    nodes.push_back(node);
    if (const auto *array = value.as_array()) {
        for (auto &&element : *array) append(nodes, element, nullptr);
    } else if (const auto *table = value.as_table()) {
        append_table(nodes, *table);
    }
}

// Walks over the text outside of strings and comments and counts the dots of each line; the first line with too many,
// or 0.
class dot_counter {
public:
    explicit dot_counter(std::string_view text) : text_(text) {}

    uint32_t first_line_with_too_many() {
        while (at_ < text_.size()) {
            const char character = text_[at_];
            if (character == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (character == '"' || character == '\'') {
                skip_string(character);
            } else {
                if (character == '.' && ++dots_ > dots_per_line_max) return line_;
                if (character == '\n') end_line();
                at_ += 1;
            }
        }
        return 0;
    }

private:
    void end_line() {
        line_ += 1;
        dots_ = 0;
    }

    void skip_string(char quote) {
        const size_t width = run(quote) >= 3 ? 3 : 1;
        at_ += width;
        while (at_ < text_.size()) {
            const char character = text_[at_];
            if (character == quote && run(quote) >= width) {
                // Up to two quotes more belong to what a long string holds.
                at_ += width == 3 ? std::min<size_t>(run(quote), 5) : 1;
                return;
            }
            if (character == '\n') {
                if (width == 1) return;  // never closed: the parser says so
                end_line();
            }
            at_ += character == '\\' && quote == '"' ? 2 : 1;
        }
    }

    size_t run(char quote) const {
        size_t count = 0;
        while (at_ + count < text_.size() && text_[at_ + count] == quote) count += 1;
        return count;
    }

    std::string_view text_;
    size_t at_ = 0, dots_ = 0;
    uint32_t line_ = 1;
};

/// Whether the parser fails by an assertion of its own.
bool makes_parser_give_up(std::string_view text) {
    try {
        (void)toml::parse(text);
    } catch (const parser_gave_up &) {
        return true;
    } catch (const toml::parse_error &) {
    }
    return false;
}

/// The first line with which the parser gives up: it reads from the front, so every longer text makes it too.
uint32_t line_of_giving_up(std::string_view text) {
    std::vector<size_t> ends;
    for (size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos; at += 1) ends.push_back(at + 1);
    const auto found = std::partition_point(
        ends.begin(), ends.end(), [&](size_t end) { return !makes_parser_give_up(text.substr(0, end)); });
    return static_cast<uint32_t>(found - ends.begin()) + 1;
}

void read(ctoml_document &document, std::string_view text) {
    const auto refuse = [&](std::string_view fault, ctoml_place place) {
        document.fault = fault.empty() ? "not TOML" : fault;
        document.fault_place = place;
    };
    if (uint32_t line = dot_counter(text).first_line_with_too_many()) {
        return refuse("a key of too many parts", {line, 1});
    }
    try {
        document.root = toml::parse(text);
        append(document.nodes, document.root, nullptr);
    } catch (const toml::parse_error &error) {
        refuse(error.description(), place_of(error.source().begin));
    } catch (const parser_gave_up &) {
        refuse("not TOML", {line_of_giving_up(text), 1});
    }
}

}  // namespace

struct ctoml_document *ctoml_parse(const char *bytes, size_t count) {
    auto *document = new (std::nothrow) ctoml_document;
    if (!document) return nullptr;
    try {
        read(*document, std::string_view(bytes, count));
        return document;
    } catch (...) {
        delete document;
        return nullptr;
    }
}

void ctoml_free(struct ctoml_document *document) { delete document; }

struct ctoml_text ctoml_fault(const struct ctoml_document *document, struct ctoml_place *place) {
    *place = document->fault_place;
    return text_of(document->fault);
}

size_t ctoml_count(const struct ctoml_document *document) { return document->nodes.size(); }

struct ctoml_node ctoml_node_at(const struct ctoml_document *document, size_t index) { return document->nodes[index]; }
