/* SPDX-License-Identifier: MIT */

/* Makes a policy of a file's table of tensors: every shape, number and the checksum are checked before
 * anything is used. */
#include "policy_internal.h"

#include <float.h>

/* Whether tensor `id` is there, with this type and shape; `columns` 0 asks for one extent only. */
static policy_status check_tensor(const policy_table *table, int id, policy_type type, uint32_t rows,
                                  uint32_t columns) {
    const policy_tensor *tensor = &table->tensors[id];
    if (!tensor->present) {
        return POLICY_STATUS_MISSING_TENSOR;
    }
    if (tensor->type != type) {
        return POLICY_STATUS_TYPE;
    }
    if (tensor->rank != (columns ? 2u : 1u) || tensor->shape[0] != rows ||
        (columns && tensor->shape[1] != columns)) {
        return POLICY_STATUS_SHAPE;
    }
    return POLICY_STATUS_OK;
}

static const unsigned char *tensor_bytes(const policy_table *table, int id) {
    return table->data + table->tensors[id].begin;
}

/* As check_tensor for single precision, and gives where the numbers are. */
static policy_status view(const policy_table *table, int id, uint32_t rows, uint32_t columns,
                          const unsigned char **result) {
    policy_status status = check_tensor(table, id, POLICY_TYPE_F32, rows, columns);
    if (status == POLICY_STATUS_OK) {
        *result = tensor_bytes(table, id);
    }
    return status;
}

/* The first extent of a tensor, for sizes that follow from the file; 0 where it is absent. */
static uint32_t row_count(const policy_table *table, int id) {
    return table->tensors[id].present ? table->tensors[id].shape[0] : 0;
}

static policy_status verify_checksum(const unsigned char *bytes, size_t count, const policy_table *table,
                                     uint32_t *checksum) {
    policy_status status = check_tensor(table, POLICY_TENSOR_CHECKSUM, POLICY_TYPE_U32, 1, 0);
    if (status != POLICY_STATUS_OK) {
        return status;
    }
    static const unsigned char zeros[4] = {0, 0, 0, 0};
    const unsigned char *own = tensor_bytes(table, POLICY_TENSOR_CHECKSUM);
    uint32_t crc = policy_checksum(0, bytes, (size_t)(own - bytes));
    crc = policy_checksum(crc, zeros, sizeof zeros);
    crc = policy_checksum(crc, own + 4, count - (size_t)(own - bytes) - 4);
    *checksum = policy_bits_at(own, 0);
    return crc == *checksum ? POLICY_STATUS_OK : POLICY_STATUS_CHECKSUM;
}

/* A table in place of layers: the bins of each observation, and the values of their combinations. */
static policy_status load_table(const policy_table *table, policy *p) {
    p->kind = POLICY_KIND_TABLE;
    policy_status status = view(table, POLICY_TENSOR_BINS, p->observation_count, 0, &p->bins);
    if (status != POLICY_STATUS_OK) {
        return status;
    }
    uint64_t states = 1;
    for (uint32_t i = 0; i < p->observation_count; i++) {
        float bins = policy_float_at(p->bins, i);
        /* Written so that NaN fails. */
        if (!(bins >= 1 && bins <= POLICY_STATE_LIMIT) || (float)(uint32_t)bins != bins) {
            return POLICY_STATUS_RANGE;
        }
        states *= (uint32_t)bins;
        if (states > POLICY_STATE_LIMIT) {
            return POLICY_STATUS_SHAPE;
        }
    }
    p->choice_count = row_count(table, POLICY_TENSOR_CHOICES);
    status = view(table, POLICY_TENSOR_CHOICES, p->choice_count, p->action_count, &p->choices);
    if (status == POLICY_STATUS_OK) {
        status = view(table, POLICY_TENSOR_VALUES, (uint32_t)states, p->choice_count, &p->values);
    }
    for (int id = POLICY_TENSOR_WEIGHT; id < POLICY_TENSOR_COUNT && status == POLICY_STATUS_OK; id++) {
        status = table->tensors[id].present ? POLICY_STATUS_UNKNOWN_TENSOR : POLICY_STATUS_OK;
    }
    return status;
}

/* The layers: each takes what the one before gives. */
static policy_status load_layers(const policy_table *table, policy *p) {
    const policy_tensor *tensors = table->tensors;
    if (tensors[POLICY_TENSOR_BINS].present || tensors[POLICY_TENSOR_VALUES].present) {
        return load_table(table, p);
    }
    while (p->layer_count < POLICY_LAYER_LIMIT && tensors[POLICY_TENSOR_WEIGHT + p->layer_count].present) {
        p->layer_count++;
    }
    if (p->layer_count == 0) {
        return POLICY_STATUS_MISSING_TENSOR;
    }
    uint32_t inputs = p->observation_count;
    for (uint32_t i = 0; i < POLICY_LAYER_LIMIT; i++) {
        int weight = POLICY_TENSOR_WEIGHT + (int)i, bias = POLICY_TENSOR_BIAS + (int)i;
        if (i >= p->layer_count) {
            /* A layer after a gap, or a bias without its weight. */
            if (tensors[weight].present || tensors[bias].present) {
                return POLICY_STATUS_MISSING_TENSOR;
            }
            continue;
        }
        policy_layer *layer = &p->layers[i];
        layer->inputs = inputs;
        layer->outputs = row_count(table, weight);
        policy_status status = view(table, weight, layer->outputs, inputs, &layer->weight);
        if (status == POLICY_STATUS_OK) {
            status = view(table, bias, layer->outputs, 0, &layer->bias);
        }
        if (status != POLICY_STATUS_OK) {
            return status;
        }
        inputs = layer->outputs;
    }
    return POLICY_STATUS_OK;
}

/* What the last layer means: tanh with or without a deviation, or choices. */
static policy_status load_head(const policy_table *table, policy *p) {
    int has_weight = table->tensors[POLICY_TENSOR_LOG_STD_WEIGHT].present;
    int has_bias = table->tensors[POLICY_TENSOR_LOG_STD_BIAS].present;
    if (p->kind == POLICY_KIND_TABLE) {
        return has_weight || has_bias ? POLICY_STATUS_UNKNOWN_TENSOR : POLICY_STATUS_OK;
    }
    const policy_layer *last = &p->layers[p->layer_count - 1];
    if (table->tensors[POLICY_TENSOR_CHOICES].present) {
        p->kind = POLICY_KIND_GREEDY;
        p->choice_count = last->outputs;
        if (has_weight || has_bias) {
            return POLICY_STATUS_UNKNOWN_TENSOR;
        }
        return view(table, POLICY_TENSOR_CHOICES, last->outputs, p->action_count, &p->choices);
    }
    if (last->outputs != p->action_count) {
        return POLICY_STATUS_SHAPE;
    }
    if (!has_weight && !has_bias) {
        return POLICY_STATUS_OK;
    }
    p->log_std.inputs = last->inputs;
    p->log_std.outputs = p->action_count;
    policy_status status =
        view(table, POLICY_TENSOR_LOG_STD_WEIGHT, p->action_count, last->inputs, &p->log_std.weight);
    if (status == POLICY_STATUS_OK) {
        status = view(table, POLICY_TENSOR_LOG_STD_BIAS, p->action_count, 0, &p->log_std.bias);
    }
    return status;
}

static policy_status load_vectors(const policy_table *table, policy *p) {
    const struct {
        int id;
        uint32_t rows, columns;
        const unsigned char **result;
    } vectors[] = {
        {POLICY_TENSOR_MEAN, p->observation_count, 0, &p->mean},
        {POLICY_TENSOR_INVERSE_STD, p->observation_count, 0, &p->inverse_std},
        {POLICY_TENSOR_SCALE, p->action_count, 0, &p->scale},
        {POLICY_TENSOR_OFFSET, p->action_count, 0, &p->offset},
        {POLICY_TENSOR_GOLDEN_OBSERVATIONS, p->golden_count, p->observation_count, &p->golden_observations},
        {POLICY_TENSOR_GOLDEN_ACTIONS, p->golden_count, p->action_count, &p->golden_actions},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        policy_status status =
            view(table, vectors[i].id, vectors[i].rows, vectors[i].columns, vectors[i].result);
        if (status != POLICY_STATUS_OK) {
            return status;
        }
    }
    return POLICY_STATUS_OK;
}

/* The limits of the commands, of which a file has both or none. */
static policy_status load_limits(const policy_table *table, policy *p) {
    if (!table->tensors[POLICY_TENSOR_LOW].present && !table->tensors[POLICY_TENSOR_HIGH].present) {
        return POLICY_STATUS_OK;
    }
    policy_status status = view(table, POLICY_TENSOR_LOW, p->action_count, 0, &p->low);
    return status == POLICY_STATUS_OK ? view(table, POLICY_TENSOR_HIGH, p->action_count, 0, &p->high)
                                      : status;
}

/* The two single numbers. */
static policy_status load_scalars(const policy_table *table, policy *p) {
    policy_status status = check_tensor(table, POLICY_TENSOR_CLIP, POLICY_TYPE_F32, 1, 0);
    if (status != POLICY_STATUS_OK) {
        return status;
    }
    p->clip = policy_float_at(tensor_bytes(table, POLICY_TENSOR_CLIP), 0);
    if (table->tensors[POLICY_TENSOR_PERIOD].present) {
        status = check_tensor(table, POLICY_TENSOR_PERIOD, POLICY_TYPE_F64, 1, 0);
        if (status != POLICY_STATUS_OK) {
            return status;
        }
        memcpy(&p->control_period, tensor_bytes(table, POLICY_TENSOR_PERIOD), sizeof p->control_period);
        if (!(p->control_period > 0 && p->control_period <= 1e6)) {
            return POLICY_STATUS_RANGE;
        }
    }
    return POLICY_STATUS_OK;
}

/* Every number is finite, and those that must be positive are. */
static policy_status check_numbers(const policy_table *table, const policy *p) {
    for (int id = 0; id < POLICY_TENSOR_COUNT; id++) {
        const policy_tensor *tensor = &table->tensors[id];
        if (!tensor->present || tensor->type != POLICY_TYPE_F32) {
            continue;
        }
        size_t count = (size_t)((tensor->end - tensor->begin) / 4);
        for (size_t i = 0; i < count; i++) {
            if (!policy_is_finite(policy_float_at(tensor_bytes(table, id), i))) {
                return POLICY_STATUS_NOT_FINITE;
            }
        }
    }
    if (!(p->clip > 0)) {
        return POLICY_STATUS_RANGE;
    }
    for (uint32_t i = 0; i < p->observation_count; i++) {
        if (!(policy_float_at(p->inverse_std, i) > 0)) {
            return POLICY_STATUS_RANGE;
        }
    }
    for (uint32_t i = 0; i < p->action_count; i++) {
        /* So that no action within the range can overflow. */
        float scale = policy_float_at(p->scale, i), offset = policy_float_at(p->offset, i);
        if (!policy_is_finite((scale < 0 ? -scale : scale) + (offset < 0 ? -offset : offset))) {
            return POLICY_STATUS_RANGE;
        }
        if (p->low != NULL && policy_float_at(p->low, i) > policy_float_at(p->high, i)) {
            return POLICY_STATUS_RANGE;
        }
    }
    size_t choice_numbers = (size_t)p->choice_count * p->action_count;
    for (size_t i = 0; i < choice_numbers; i++) {
        float choice = policy_float_at(p->choices, i);
        if (choice < -1 || choice > 1) {
            return POLICY_STATUS_RANGE;
        }
    }
    return POLICY_STATUS_OK;
}

/* Whether numbers lie in memory as they lie in files. */
static int is_supported(void) {
    const uint32_t one = 0x3F800000u;
    const unsigned char low_byte_first[4] = {0, 0, 0x80, 0x3F};
    float value;
    memcpy(&value, &one, sizeof value);
    return sizeof(float) == 4 && sizeof(double) == 8 && FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53 &&
           value == 1.0f && memcmp(&one, low_byte_first, 4) == 0;
}

policy_status policy_load(const void *bytes, size_t count, policy *result) {
    if (bytes == NULL || result == NULL) {
        return POLICY_STATUS_NULL_ARGUMENT;
    }
    if (!is_supported()) {
        return POLICY_STATUS_UNSUPPORTED;
    }
    policy_table table;
    policy p;
    memset(&p, 0, sizeof p);
    policy_status status = policy_read_table(bytes, count, &table);
    if (status == POLICY_STATUS_OK) {
        status = verify_checksum(bytes, count, &table, &p.checksum);
    }
    p.observation_count = row_count(&table, POLICY_TENSOR_MEAN);
    p.action_count = row_count(&table, POLICY_TENSOR_SCALE);
    p.golden_count = row_count(&table, POLICY_TENSOR_GOLDEN_OBSERVATIONS);
    p.instructions = policy_best_instructions();
    policy_status (*const steps[])(const policy_table *, policy *) = {load_vectors, load_limits, load_scalars,
                                                                      load_layers, load_head};
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == POLICY_STATUS_OK; i++) {
        status = steps[i](&table, &p);
    }
    if (status == POLICY_STATUS_OK) {
        status = check_numbers(&table, &p);
    }
    if (status == POLICY_STATUS_OK) {
        *result = p;
    }
    return status;
}
