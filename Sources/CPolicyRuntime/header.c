/* SPDX-License-Identifier: MIT */

/* Reads the header of a policy file: the JSON of safetensors, as strictly as its grammar allows and for the
 * tensors of a policy only. */
#include "policy_internal.h"

static const char *const tensor_names[POLICY_TENSOR_COUNT] = {
    "observation.mean", "observation.inverse_std",
    "observation.clip", "log_std.weight",
    "log_std.bias",     "action.choices",
    "table.bins",       "table.values",
    "action.scale",     "action.offset",
    "action.low",       "action.high",
    "control.period",   "golden.observations",
    "golden.actions",   "checksum",
    "actor.0.weight",   "actor.2.weight",
    "actor.4.weight",   "actor.6.weight",
    "actor.8.weight",   "actor.10.weight",
    "actor.12.weight",  "actor.14.weight",
    "actor.0.bias",     "actor.2.bias",
    "actor.4.bias",     "actor.6.bias",
    "actor.8.bias",     "actor.10.bias",
    "actor.12.bias",    "actor.14.bias",
};

typedef struct scanner {
    const unsigned char *next;
    const unsigned char *end;
} scanner;

/* A string between its quotes, escapes as they stand. */
typedef struct text {
    const unsigned char *bytes;
    size_t count;
} text;

static int text_is(text value, const char *name) {
    size_t count = strlen(name);
    return value.count == count && memcmp(value.bytes, name, count) == 0;
}

/* The next byte that is no space, unread; -1 at the end. */
static int peek(scanner *s) {
    while (s->next < s->end &&
           (*s->next == ' ' || *s->next == '\t' || *s->next == '\n' || *s->next == '\r')) {
        s->next++;
    }
    return s->next < s->end ? *s->next : -1;
}

/* Takes `byte` where it is next. */
static int take(scanner *s, int byte) {
    if (peek(s) != byte) {
        return 0;
    }
    s->next++;
    return 1;
}

static int is_hex(unsigned char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* The bytes of the escape at `p`, or 0. */
static size_t escape_count(const unsigned char *p, const unsigned char *end) {
    if (end - p < 2) {
        return 0;
    }
    if (p[1] == 'u') {
        return end - p >= 6 && is_hex(p[2]) && is_hex(p[3]) && is_hex(p[4]) && is_hex(p[5]) ? 6 : 0;
    }
    return p[1] != 0 && strchr("\"\\/bfnrt", p[1]) != NULL ? 2 : 0;
}

/* The bytes of the UTF-8 sequence at `p`, or 0 where it is none: overlong forms, surrogates and numbers above
 * 0x10FFFF are none. */
static size_t utf8_count(const unsigned char *p, const unsigned char *end) {
    size_t count = p[0] < 0x80   ? 1
                   : p[0] < 0xC2 ? 0
                   : p[0] < 0xE0 ? 2
                   : p[0] < 0xF0 ? 3
                   : p[0] < 0xF5 ? 4
                                 : 0;
    if (count == 0 || (size_t)(end - p) < count) {
        return 0;
    }
    for (size_t i = 1; i < count; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] >= 0xA0) || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] >= 0x90)) {
        return 0;
    }
    return count;
}

/* Takes a string. */
static int take_string(scanner *s, text *result) {
    if (!take(s, '"')) {
        return 0;
    }
    result->bytes = s->next;
    while (s->next < s->end && *s->next != '"') {
        size_t count = *s->next == '\\' ? escape_count(s->next, s->end) : utf8_count(s->next, s->end);
        if (count == 0 || *s->next < 0x20) {
            return 0;
        }
        s->next += count;
    }
    result->count = (size_t)(s->next - result->bytes);
    return take(s, '"');
}

/* Takes an integer from 0 to 2^63 - 1, without leading zeros. */
static int take_integer(scanner *s, uint64_t *result) {
    int first = peek(s);
    if (first < '0' || first > '9') {
        return 0;
    }
    const unsigned char *begin = s->next;
    uint64_t value = 0;
    while (s->next < s->end && *s->next >= '0' && *s->next <= '9') {
        uint64_t digit = (uint64_t)(*s->next - '0');
        if (value > (INT64_MAX - digit) / 10) {
            return 0;
        }
        value = 10 * value + digit;
        s->next++;
    }
    *result = value;
    return first != '0' || s->next == begin + 1;
}

/* Takes an array of at least one and at most `limit` integers. */
static int take_integers(scanner *s, uint64_t *values, uint32_t limit, uint32_t *count) {
    *count = 0;
    if (!take(s, '[')) {
        return 0;
    }
    do {
        if (*count == limit || !take_integer(s, &values[*count])) {
            return 0;
        }
        ++*count;
    } while (take(s, ','));
    return take(s, ']');
}

/* Skips the metadata: an object of strings. */
static policy_status skip_metadata(scanner *s) {
    text ignored;
    if (!take(s, '{')) {
        return POLICY_STATUS_HEADER;
    }
    if (take(s, '}')) {
        return POLICY_STATUS_OK;
    }
    do {
        if (!take_string(s, &ignored) || !take(s, ':') || !take_string(s, &ignored)) {
            return POLICY_STATUS_HEADER;
        }
    } while (take(s, ','));
    return take(s, '}') ? POLICY_STATUS_OK : POLICY_STATUS_HEADER;
}

static policy_status take_type(scanner *s, policy_type *type) {
    text name;
    if (!take_string(s, &name)) {
        return POLICY_STATUS_HEADER;
    }
    if (text_is(name, "F32")) {
        *type = POLICY_TYPE_F32;
    } else if (text_is(name, "F64")) {
        *type = POLICY_TYPE_F64;
    } else if (text_is(name, "U32")) {
        *type = POLICY_TYPE_U32;
    } else {
        return POLICY_STATUS_TYPE;
    }
    return POLICY_STATUS_OK;
}

/* A vector or matrix; `limit` bounds its first extent. */
static policy_status take_shape(scanner *s, uint64_t limit, policy_tensor *tensor) {
    uint64_t extents[2] = {0, 0};
    if (!take_integers(s, extents, 2, &tensor->rank)) {
        return POLICY_STATUS_SHAPE;
    }
    for (uint32_t i = 0; i < tensor->rank; i++) {
        if (extents[i] < 1 || extents[i] > (i == 0 ? limit : POLICY_WIDTH_LIMIT)) {
            return POLICY_STATUS_SHAPE;
        }
        tensor->shape[i] = (uint32_t)extents[i];
    }
    return POLICY_STATUS_OK;
}

static policy_status take_offsets(scanner *s, policy_tensor *tensor) {
    uint64_t offsets[2] = {0, 0};
    uint32_t count;
    if (!take_integers(s, offsets, 2, &count) || count != 2 || offsets[0] > offsets[1]) {
        return POLICY_STATUS_HEADER;
    }
    tensor->begin = offsets[0];
    tensor->end = offsets[1];
    return POLICY_STATUS_OK;
}

/* Takes a tensor's type, shape and byte range, in any order. */
static policy_status take_tensor(scanner *s, uint64_t limit, policy_tensor *tensor) {
    enum { TYPE = 1, SHAPE = 2, OFFSETS = 4 };
    int seen = 0;
    if (!take(s, '{')) {
        return POLICY_STATUS_HEADER;
    }
    do {
        text key;
        if (!take_string(s, &key) || !take(s, ':')) {
            return POLICY_STATUS_HEADER;
        }
        int which = text_is(key, "dtype")          ? TYPE
                    : text_is(key, "shape")        ? SHAPE
                    : text_is(key, "data_offsets") ? OFFSETS
                                                   : 0;
        if (which == 0) {
            return POLICY_STATUS_HEADER;
        }
        if (seen & which) {
            return POLICY_STATUS_DUPLICATE;
        }
        seen |= which;
        policy_status status = which == TYPE    ? take_type(s, &tensor->type)
                               : which == SHAPE ? take_shape(s, limit, tensor)
                                                : take_offsets(s, tensor);
        if (status != POLICY_STATUS_OK) {
            return status;
        }
    } while (take(s, ','));
    if (!take(s, '}') || seen != (TYPE | SHAPE | OFFSETS)) {
        return POLICY_STATUS_HEADER;
    }
    /* At most 8 * 2^24 * 4096: no overflow. */
    uint64_t count = (uint64_t)tensor->shape[0] * (tensor->rank == 2 ? tensor->shape[1] : 1);
    uint64_t size = tensor->type == POLICY_TYPE_F64 ? 8 : 4;
    tensor->present = 1;
    return tensor->end - tensor->begin == count * size ? POLICY_STATUS_OK : POLICY_STATUS_SHAPE;
}

/* Takes one member of the header: the metadata or a tensor. */
static policy_status take_member(scanner *s, policy_table *table, int *has_metadata) {
    text key;
    if (!take_string(s, &key) || !take(s, ':')) {
        return POLICY_STATUS_HEADER;
    }
    if (text_is(key, "__metadata__")) {
        if (*has_metadata) {
            return POLICY_STATUS_DUPLICATE;
        }
        *has_metadata = 1;
        return skip_metadata(s);
    }
    for (int i = 0; i < POLICY_TENSOR_COUNT; i++) {
        if (text_is(key, tensor_names[i])) {
            if (table->tensors[i].present) {
                return POLICY_STATUS_DUPLICATE;
            }
            return take_tensor(s, i == POLICY_TENSOR_VALUES ? POLICY_STATE_LIMIT : POLICY_WIDTH_LIMIT,
                               &table->tensors[i]);
        }
    }
    return POLICY_STATUS_UNKNOWN_TENSOR;
}

/* Checks that the tensors follow each other from the first byte to the last. */
static policy_status check_layout(const policy_table *table) {
    uint64_t end = 0;
    int placed = 0, present = 0;
    for (int i = 0; i < POLICY_TENSOR_COUNT; i++) {
        present += table->tensors[i].present;
    }
    /* No tensor is empty, so at most one begins at each end, and the search below moves on every time. */
    while (placed < present) {
        int found = 0;
        for (int i = 0; i < POLICY_TENSOR_COUNT && !found; i++) {
            if (table->tensors[i].present && table->tensors[i].begin == end) {
                end = table->tensors[i].end;
                found = 1;
            }
        }
        if (!found) {
            return POLICY_STATUS_LAYOUT;
        }
        placed++;
    }
    return end == table->data_count ? POLICY_STATUS_OK : POLICY_STATUS_LAYOUT;
}

policy_status policy_read_table(const unsigned char *bytes, size_t count, policy_table *table) {
    memset(table, 0, sizeof *table);
    if (count < 8) {
        return POLICY_STATUS_TRUNCATED;
    }
    uint64_t length = 0;
    for (int i = 0; i < 8; i++) {
        length |= (uint64_t)bytes[i] << (8 * i);
    }
    if (length > POLICY_HEADER_LIMIT) {
        return POLICY_STATUS_HEADER;
    }
    if (length > count - 8) {
        return POLICY_STATUS_TRUNCATED;
    }
    scanner s = {bytes + 8, bytes + 8 + length};
    table->data = s.end;
    table->data_count = count - 8 - length;
    int has_metadata = 0;
    if (!take(&s, '{')) {
        return POLICY_STATUS_HEADER;
    }
    do {
        policy_status status = take_member(&s, table, &has_metadata);
        if (status != POLICY_STATUS_OK) {
            return status;
        }
    } while (take(&s, ','));
    if (!take(&s, '}') || peek(&s) != -1) {
        return POLICY_STATUS_HEADER;
    }
    return check_layout(table);
}
