/* SPDX-License-Identifier: MIT */

/* Claims about policy_load: what it refuses, and that nothing makes it read beyond the file. */
#include "policy_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A small stochastic network: 3 observations, 2 actions, 4 wide. */
static test_file small_file(test_network **network) {
    test_file file;
    *network = test_network_make(3, 2, 2, 4, 1, 0);
    test_file_declare(&file, *network);
    return file;
}

static test_tensor *tensor(test_file *file, const char *name) {
    for (unsigned i = 0; i < file->tensor_count; i++) {
        if (strcmp(file->tensors[i].name, name) == 0) {
            return &file->tensors[i];
        }
    }
    fprintf(stderr, "no tensor %s\n", name);
    exit(2);
}

static void drop(test_file *file, const char *name) {
    test_tensor *gone = tensor(file, name);
    memmove(gone, gone + 1, (size_t)(file->tensors + --file->tensor_count - gone) * sizeof *gone);
}

static policy_status build_and_load(test_file *file, const char *metadata) {
    test_file_build(file, metadata);
    policy_status status = test_load(file->bytes, file->count);
    test_file_free(file);
    return status;
}

static int sound_files_are_read(void) {
    test_network *network;
    test_file file = small_file(&network);
    CHECK(build_and_load(&file, "") == POLICY_STATUS_OK);
    CHECK(build_and_load(&file, "\"__metadata__\":{}") == POLICY_STATUS_OK);
    CHECK(
        build_and_load(
            &file, "\"__metadata__\" : {\"a\\u00e9\\n\" : \"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\x9F\\\"\"} ") ==
        POLICY_STATUS_OK);
    drop(&file, "control.period");
    CHECK(build_and_load(&file, "") == POLICY_STATUS_OK);
    drop(&file, "log_std.weight");
    drop(&file, "log_std.bias");
    CHECK(build_and_load(&file, "") == POLICY_STATUS_OK);
    test_file_build(&file, "");
    policy p;
    CHECK(policy_load(file.bytes, file.count, &p) == POLICY_STATUS_OK);
    CHECK(p.observation_count == 3 && p.action_count == 2 && p.layer_count == 2 && p.golden_count == 16);
    CHECK(p.log_std.weight == NULL && p.control_period == 0 && p.kind == POLICY_KIND_SQUASHED);
    CHECK(policy_load(NULL, 8, &p) == POLICY_STATUS_NULL_ARGUMENT);
    CHECK(policy_load(file.bytes, file.count, NULL) == POLICY_STATUS_NULL_ARGUMENT);
    test_file_free(&file);
    test_network_free(network);
    return 0;
}

/* Each case changes one thing of a sound file; the checksum is right every time. */
static int each_fault_has_its_status(void) {
    test_network *network;
    const test_file sound = small_file(&network);
    test_file file;
    const float bad[] = {0, -1, 1};

#define CASE(change, status)                                                                                 \
    do {                                                                                                     \
        file = sound;                                                                                        \
        change;                                                                                              \
        CHECK(build_and_load(&file, "") == (status));                                                        \
    } while (0)

    CASE(drop(&file, "observation.mean"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "observation.clip"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "action.offset"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "golden.actions"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "checksum"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "actor.0.weight"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "actor.2.weight"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "actor.0.bias"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "log_std.bias"), POLICY_STATUS_MISSING_TENSOR);
    CASE(strcpy(tensor(&file, "actor.2.weight")->name, "actor.4.weight"), POLICY_STATUS_MISSING_TENSOR);
    CASE(strcpy(tensor(&file, "actor.2.weight")->name, "actor.1.weight"), POLICY_STATUS_UNKNOWN_TENSOR);
    CASE(strcpy(tensor(&file, "actor.2.weight")->name, "actor.16.weight"), POLICY_STATUS_UNKNOWN_TENSOR);
    CASE(strcpy(tensor(&file, "actor.2.weight")->name, "actor.02.weight"), POLICY_STATUS_UNKNOWN_TENSOR);
    CASE(strcpy(tensor(&file, "action.scale")->name, "action.\\u0073cale"), POLICY_STATUS_UNKNOWN_TENSOR);
    CASE(strcpy(tensor(&file, "action.scale")->name, "action.offset"), POLICY_STATUS_DUPLICATE);
    CASE(tensor(&file, "action.scale")->type = "U32", POLICY_STATUS_TYPE);
    CASE(tensor(&file, "checksum")->type = "F32", POLICY_STATUS_TYPE);
    CASE(tensor(&file, "action.scale")->type = "F16", POLICY_STATUS_TYPE);
    CASE(tensor(&file, "observation.mean")->shape[0] = 2, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "actor.0.bias")->shape[0] = 3, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "actor.2.weight")->shape[1] = 3, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "observation.clip")->shape[1] = 1, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "golden.actions")->shape[0] = 15, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "golden.actions")->shape[0] = 0, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "observation.clip")->numbers = &bad[0], POLICY_STATUS_RANGE);
    CASE(tensor(&file, "observation.clip")->numbers = &bad[1], POLICY_STATUS_RANGE);
    CASE(tensor(&file, "observation.inverse_std")->numbers = bad, POLICY_STATUS_RANGE);
    const double wrong_period = -0.05;
    CASE(tensor(&file, "control.period")->numbers = &wrong_period, POLICY_STATUS_RANGE);
    test_network_free(network);
    return 0;
}

/* As above, of limits of the two actions. */
static int each_fault_of_limits_has_its_status(void) {
    test_network *network = test_network_make(3, 2, 2, 4, 1, 0);
    const float zeros[] = {0, 0}, ones[] = {1, 1}, mixed[] = {1, -1}, endless[] = {2, INFINITY};
    network->low = calloc(2, sizeof(float));
    network->high = calloc(2, sizeof(float));
    CHECK(network->low && network->high);
    test_file sound, file;
    test_file_declare(&sound, network);
    CASE((void)0, POLICY_STATUS_OK);
    CASE(tensor(&file, "action.high")->numbers = ones, POLICY_STATUS_OK);
    CASE((drop(&file, "action.low"), drop(&file, "action.high")), POLICY_STATUS_OK);
    CASE(drop(&file, "action.low"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "action.high"), POLICY_STATUS_MISSING_TENSOR);
    CASE(tensor(&file, "action.low")->shape[0] = 1, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "action.low")->numbers = ones, POLICY_STATUS_RANGE);
    CASE(tensor(&file, "action.high")->numbers = mixed, POLICY_STATUS_RANGE);
    CASE(tensor(&file, "action.high")->numbers = endless, POLICY_STATUS_NOT_FINITE);
    CASE(tensor(&file, "action.high")->numbers = zeros, POLICY_STATUS_OK);
    test_network_free(network);
    return 0;
}

/* As above, of a table: 3 observations in 4, 2 and 1 bins, 2 actions, 5 choices. */
static int each_fault_of_a_table_has_its_status(void) {
    test_network *network = test_network_make(3, 2, 0, 4, 0, 5);
    const float four_two_one[] = {4, 2, 1}, half[] = {4, 2.5f, 1}, none[] = {4, 2, 0}, less[] = {-4, -2, 1},
                huge[] = {4, 2, 3e9f}, many[] = {3033169, 1416, 1}, other[] = {2, 2, 2};
    /* The product of `many` is 2^32 + 8. */
    network->states = 8;
    memcpy(network->bins, four_two_one, sizeof four_two_one);
    free(network->values);
    network->values = calloc(network->states * network->choices, sizeof(float));
    CHECK(network->values != NULL);
    test_file sound, file;
    test_file_declare(&sound, network);
    CASE((void)0, POLICY_STATUS_OK);
    CASE(tensor(&file, "table.bins")->numbers = other, POLICY_STATUS_OK);
    CASE(drop(&file, "table.bins"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "table.values"), POLICY_STATUS_MISSING_TENSOR);
    CASE(drop(&file, "action.choices"), POLICY_STATUS_MISSING_TENSOR);
    CASE(tensor(&file, "table.bins")->numbers = half, POLICY_STATUS_RANGE);
    CASE(tensor(&file, "table.bins")->numbers = none, POLICY_STATUS_RANGE);
    CASE(tensor(&file, "table.bins")->numbers = less, POLICY_STATUS_RANGE);
    CASE(tensor(&file, "table.bins")->numbers = huge, POLICY_STATUS_RANGE);
    CASE(tensor(&file, "table.bins")->numbers = many, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "table.bins")->shape[0] = 2, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "table.bins")->type = "U32", POLICY_STATUS_TYPE);
    CASE(tensor(&file, "table.values")->shape[0] = 7, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "table.values")->shape[1] = 4, POLICY_STATUS_SHAPE);
    CASE(tensor(&file, "action.choices")->shape[0] = 4, POLICY_STATUS_SHAPE);
    CASE(strcpy(tensor(&file, "control.period")->name, "actor.0.bias"), POLICY_STATUS_UNKNOWN_TENSOR);
    CASE(strcpy(tensor(&file, "control.period")->name, "log_std.bias"), POLICY_STATUS_UNKNOWN_TENSOR);
    /* Only a table's values may have more rows than a layer. */
    static float zeros[5000];
    static const float long_bins[] = {5000, 1, 1};
    file = sound;
    tensor(&file, "table.bins")->numbers = long_bins;
    tensor(&file, "table.values")->shape[0] = 5000;
    tensor(&file, "table.values")->shape[1] = 1;
    tensor(&file, "table.values")->numbers = zeros;
    tensor(&file, "action.choices")->shape[0] = 1;
    CHECK(build_and_load(&file, "") == POLICY_STATUS_OK);
    /* A network's layers and a table contradict each other. */
    test_network *layers;
    file = small_file(&layers);
    file.tensors[file.tensor_count++] = *tensor(&sound, "table.bins");
    CHECK(build_and_load(&file, "") == POLICY_STATUS_MISSING_TENSOR);
    file.tensors[file.tensor_count++] = *tensor(&sound, "table.values");
    file.tensors[file.tensor_count++] = *tensor(&sound, "action.choices");
    CHECK(build_and_load(&file, "") == POLICY_STATUS_UNKNOWN_TENSOR);
    test_network_free(layers);
    test_network_free(network);
    return 0;
}

/* NaN and infinity at every place of every tensor of single precision. */
static int numbers_that_are_not_finite_are_refused(void) {
    const uint32_t patterns[] = {0x7F800000u, 0xFF800000u, 0x7FC00000u, 0x7F800001u, 0xFFFFFFFFu};
    test_network *network;
    test_file sound = small_file(&network);
    test_file_build(&sound, "");
    size_t end = sound.count, checksum = end - 4, begin = checksum;
    for (unsigned i = 1; i + 1 < sound.tensor_count; i++) {
        const test_tensor *t = &sound.tensors[i];
        begin -= 4 * (size_t)t->shape[0] * (t->shape[1] ? t->shape[1] : 1);
    }
    for (size_t at = begin; at < checksum; at += 4) {
        for (unsigned i = 0; i < sizeof patterns / sizeof *patterns; i++) {
            uint32_t before;
            memcpy(&before, sound.bytes + at, 4);
            memcpy(sound.bytes + at, &patterns[i], 4);
            test_file_sign(sound.bytes, sound.count, checksum);
            CHECK(test_load(sound.bytes, sound.count) == POLICY_STATUS_NOT_FINITE);
            memcpy(sound.bytes + at, &before, 4);
        }
    }
    test_file_free(&sound);
    test_network_free(network);
    return 0;
}

/* Headers that a lenient reader would take. `header` stands for all of the file but its tensors' bytes. */
static int headers_are_read_strictly(void) {
    static const struct {
        const char *header;
        policy_status status;
    } cases[] = {
        {"", POLICY_STATUS_HEADER},
        {"{}", POLICY_STATUS_HEADER},
        {"[]", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{},\"__metadata__\":{}}", POLICY_STATUS_DUPLICATE},
        {"{\"__metadata__\":{\"a\":1}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"\\x\"}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"\\u12g4\"}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"\n\"}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"\xC3\"}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"\xC0\xAF\"}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"\xED\xA0\x80\"}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"\xF5\x80\x80\x80\"}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"b\",}}", POLICY_STATUS_HEADER},
        {"{\"__metadata__\":{\"a\":\"b", POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0,4]}", POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0,4]}} x", POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0,4]},}", POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0,4],}}", POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1]}}", POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
         POLICY_STATUS_DUPLICATE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"other\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}",
         POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[],\"data_offsets\":[0,4]}}", POLICY_STATUS_SHAPE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1,1,1],\"data_offsets\":[0,4]}}", POLICY_STATUS_SHAPE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[01],\"data_offsets\":[0,4]}}", POLICY_STATUS_SHAPE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", POLICY_STATUS_SHAPE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", POLICY_STATUS_SHAPE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[18446744073709551617],\"data_offsets\":[0,4]}}",
         POLICY_STATUS_SHAPE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[4097],\"data_offsets\":[0,16388]}}",
         POLICY_STATUS_SHAPE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[4,0]}}", POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0]}}", POLICY_STATUS_HEADER},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0,5]}}", POLICY_STATUS_SHAPE},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[4,8]}}", POLICY_STATUS_LAYOUT},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[9223372036854775803,"
         "9223372036854775807]}}",
         POLICY_STATUS_LAYOUT},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"action.scale\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
         POLICY_STATUS_LAYOUT},
        {"{\"checksum\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"action.scale\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[2,10]}}",
         POLICY_STATUS_LAYOUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char bytes[512] = {0};
        size_t length = strlen(cases[i].header);
        bytes[0] = (unsigned char)length;
        bytes[1] = (unsigned char)(length >> 8);
        memcpy(bytes + 8, cases[i].header, length);
        policy_status status = test_load(bytes, 8 + length + 4);
        if (status != cases[i].status) {
            fprintf(stderr, "case %zu gave %d: %s\n", i, status, cases[i].header);
            return 1;
        }
    }
    const unsigned char huge[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    CHECK(test_load(huge, 8) == POLICY_STATUS_HEADER);
    const unsigned char beyond[8] = {1, 0, 0, 0, 0, 0, 0, 0};
    CHECK(test_load(beyond, 8) == POLICY_STATUS_TRUNCATED);
    return 0;
}

static int every_truncation_is_refused(void) {
    test_network *network;
    test_file file = small_file(&network);
    test_file_build(&file, "\"__metadata__\":{\"contract\":\"{}\"}");
    for (size_t count = 0; count < file.count; count++) {
        CHECK(test_load(file.bytes, count) != POLICY_STATUS_OK);
    }
    unsigned char *longer = calloc(1, file.count + 1);
    CHECK(longer != NULL);
    memcpy(longer, file.bytes, file.count);
    CHECK(test_load(longer, file.count + 1) == POLICY_STATUS_LAYOUT);
    free(longer);
    test_file_free(&file);
    test_network_free(network);
    return 0;
}

/* Every single bit of a file, and as many random bytes as make fifty thousand. */
static int damage_is_refused(test_file *file) {
    test_file_build(file, "\"__metadata__\":{\"contract\":\"{}\"}");
    for (size_t i = 0; i < 8 * file->count; i++) {
        file->bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
        CHECK(test_load(file->bytes, file->count) != POLICY_STATUS_OK);
        file->bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
    }
    for (size_t i = 8 * file->count; i < 50000; i++) {
        size_t at = (size_t)((test_random() + 1) / 2 * (double)file->count);
        unsigned char before = file->bytes[at];
        file->bytes[at] = (unsigned char)((test_random() + 1) * 128);
        CHECK((test_load(file->bytes, file->count) == POLICY_STATUS_OK) == (file->bytes[at] == before));
        file->bytes[at] = before;
    }
    CHECK(test_load(file->bytes, file->count) == POLICY_STATUS_OK);
    test_file_free(file);
    return 0;
}

/* Wherever the checksum lies. */
static int every_flipped_bit_is_refused(void) {
    test_network *network;
    test_file file = small_file(&network);
    CHECK(damage_is_refused(&file) == 0);
    test_tensor last = file.tensors[file.tensor_count - 1];
    memmove(file.tensors + 2, file.tensors + 1, (file.tensor_count - 2) * sizeof last);
    file.tensors[1] = last;
    CHECK(damage_is_refused(&file) == 0);
    test_network_free(network);
    return 0;
}

/* Damaged headers whose checksum is right: any status is right, but nothing may be read beyond the file. */
static int forged_headers_are_survived(void) {
    static const char alphabet[] = "{}[]\",:0123456789\\ abcdefu._F";
    test_network *network;
    test_file file = small_file(&network);
    test_file_build(&file, "\"__metadata__\":{\"contract\":\"{}\"}");
    unsigned char *bytes = calloc(1, file.count);
    CHECK(bytes != NULL);
    size_t header_count = (size_t)file.bytes[0] | ((size_t)file.bytes[1] << 8);
    for (int round = 0; round < 20000; round++) {
        memcpy(bytes, file.bytes, file.count);
        int edits = 1 + round % 3;
        for (int i = 0; i < edits; i++) {
            size_t at = 8 + (size_t)((test_random() + 1) / 2 * (double)header_count);
            bytes[at] = (unsigned char)alphabet[(size_t)((test_random() + 1) / 2 * (sizeof alphabet - 1))];
        }
        test_file_sign(bytes, file.count, file.count - 4);
        policy p;
        if (policy_load(bytes, file.count, &p) == POLICY_STATUS_OK) {
            float *workspace = calloc(policy_self_test_count(&p), sizeof *workspace), difference;
            CHECK(workspace != NULL);
            policy_self_test(&p, workspace, &difference);
            free(workspace);
        }
    }
    free(bytes);
    test_file_free(&file);
    test_network_free(network);
    return 0;
}

int main(void) {
    return sound_files_are_read() || each_fault_has_its_status() ||
           each_fault_of_limits_has_its_status() || each_fault_of_a_table_has_its_status() ||
           numbers_that_are_not_finite_are_refused() || headers_are_read_strictly() ||
           every_truncation_is_refused() || every_flipped_bit_is_refused() || forged_headers_are_survived();
}
