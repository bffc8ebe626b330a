/* SPDX-License-Identifier: MIT */
/* Saving and restoring: raw copies, so that not a bit changes. */
#include "physics_internal.h"

#include <string.h>

#define MAGIC 0x574d4956454e4953u /* a number to know our own bytes, and their order, by */
#define VERSION 2u

typedef struct {
    uint64_t magic;
    uint32_t version, is_diverged;
    uint64_t def_hash, checksum; /* of all that follows the header, and of the fields before */
} header;

static size_t base_count(const phys_world *world) {
    return world->def.base == PHYS_BASE_FIXED ? 0 : 1;
}

/* How many bodies are part of the state: all of ODE's, or base and objects where the others follow from them.
 */
static size_t body_count(const phys_world *world) {
    if (world->articulated == NULL)
        return world->link_count;
    return base_count(world) + world->link_count - world->robot_link_count;
}

static size_t link_of_body(const phys_world *world, size_t n) {
    if (world->articulated == NULL || n < base_count(world))
        return n;
    return world->robot_link_count + n - base_count(world);
}

static size_t body_bytes(const phys_world *world) {
    return body_count(world) * BODY_STATE_COUNT * sizeof(double);
}

static size_t table_bytes(const phys_world *world) {
    return world->state_count * sizeof(double);
}

size_t phys_world_state_size(const phys_world *world) {
    return world == NULL ? 0 : sizeof(header) + body_bytes(world) + table_bytes(world);
}

static uint64_t checksum(const header *head, const unsigned char *rest, size_t count) {
    uint64_t hash = phys_hash(0xcbf29ce484222325u, head, offsetof(header, checksum));
    return phys_hash(hash, rest, count);
}

phys_status phys_world_save(const phys_world *world, void *bytes, size_t size) {
    if (world == NULL || bytes == NULL || size != phys_world_state_size(world))
        return PHYS_INVALID_ARGUMENT;
    unsigned char *out = (unsigned char *)bytes + sizeof(header);
    for (size_t n = 0; n < body_count(world); n++) {
        double body[BODY_STATE_COUNT];
        phys_get_raw_body(&world->links[link_of_body(world, n)], body);
        memcpy(out + n * sizeof body, body, sizeof body);
    }
    memcpy(out + body_bytes(world), world->state, table_bytes(world));
    header head = {MAGIC, VERSION, world->is_diverged ? 1 : 0, world->def_hash, 0};
    head.checksum = checksum(&head, out, size - sizeof head);
    memcpy(bytes, &head, sizeof head);
    return PHYS_OK;
}

/* Even bytes with a right checksum may hold numbers that no world has. */
static bool is_good_body(const phys_world *world, const double *body) {
    double linear = world->def.max_linear_speed, angular = world->def.max_angular_speed;
    const double *q = body + 3;
    dQuaternion unit = {q[0], q[1], q[2], q[3]};
    dMatrix3 rotation;
    if (!phys_is_vector(body, 3, MAX_PLACE) || !phys_is_vector(q, 4, 2) ||
        !(fabs(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3] - 1) <= 1e-6))
        return false;
    dQtoR(unit, rotation);
    for (int i = 0; i < 12; i++)
        if (i % 4 != 3 && !(fabs(rotation[i] - body[7 + i]) <= 1e-9))
            return false;
    return v3_dot(body + 19, body + 19) <= linear * linear &&
           v3_dot(body + 22, body + 22) <= angular * angular;
}

/* The caller's bytes need not be aligned, so the numbers are looked at one by one. */
static bool is_good_table(const phys_world *world, const unsigned char *bytes) {
    size_t external = (size_t)(world->external_force - world->state);
    size_t masses = (size_t)(world->mass_scale - world->state), others = masses + world->link_count;
    for (size_t i = 0; i < world->state_count; i++) {
        double value, low = -1e300, high = 1e300;
        memcpy(&value, bytes + i * sizeof value, sizeof value);
        if (i < 2 * world->joint_count) {
            low = -1e12, high = 1e12;
        } else if (i + 1 == world->state_count) {
            low = 1e-6, high = 100; /* the contacts' time constant */
        } else if (i >= others) {
            low = 0, high = 100;
        } else if (i >= masses) {
            low = 0.01, high = 100;
        } else if (i >= external) {
            low = -MAX_EFFORT, high = MAX_EFFORT;
        }
        if (!(value >= low && value <= high))
            return false;
    }
    return true;
}

static bool is_good_slide(const phys_joint *joint, const unsigned char *bytes) {
    double child[3], parent[3], apart[3];
    if (joint->longest_slide == INFINITY) /* all joints of an articulated world, whose bodies are not saved */
        return true;
    size_t size = BODY_STATE_COUNT * sizeof(double);
    memcpy(child, bytes + (size_t)joint->def.child * size, sizeof child);
    memcpy(parent, bytes + (size_t)joint->def.parent * size, sizeof parent);
    v3_sub(child, parent, apart);
    return v3_dot(apart, apart) <= joint->longest_slide * joint->longest_slide;
}

typedef struct {
    phys_world *world;
    const unsigned char *bytes;
} restoring;

static void restore_bodies(phys_world *world, const unsigned char *bytes) {
    for (size_t n = 0; n < world->link_count; n++) {
        double body[BODY_STATE_COUNT], scale = world->mass_scale[n];
        memcpy(body, bytes + n * sizeof body, sizeof body);
        phys_set_raw_body(&world->links[n], body);
        memcpy(&world->mass_scale[n],
               bytes + body_bytes(world) + (size_t)(&world->mass_scale[n] - world->state) * sizeof(double),
               sizeof(double));
        if (world->mass_scale[n] != scale)
            phys_apply_mass_scale(world, n);
    }
    memcpy(world->state, bytes + body_bytes(world), table_bytes(world));
}

static void restore_articulated(phys_world *world, const unsigned char *bytes) {
    double body[BODY_STATE_COUNT];
    for (size_t n = 0; n < body_count(world); n++) {
        memcpy(body, bytes + n * sizeof body, sizeof body);
        phys_art_set_root(world, link_of_body(world, n), body, body + 3, body + 19, body + 22);
    }
    memcpy(world->state, bytes + body_bytes(world), table_bytes(world));
    phys_art_pose(world);
}

static void restore_all(void *context) {
    restoring *job = context;
    phys_world *world = job->world;
    if (world->articulated != NULL) {
        restore_articulated(world, job->bytes);
    } else {
        restore_bodies(world, job->bytes);
    }
    memset(world->link_wrench, 0, 6 * world->link_count * sizeof(double));
    world->has_external_force = world->has_link_wrench = false;
    world->has_geom_force = true; /* or not; it only saves work */
    phys_forget_contacts(world);
    for (size_t i = 0; i < 3 * world->link_count; i++)
        if (world->external_force[i] != 0 || world->external_torque[i] != 0)
            world->has_external_force = true;
}

phys_status phys_world_restore(phys_world *world, const void *bytes, size_t size) {
    if (world == NULL || bytes == NULL)
        return PHYS_INVALID_ARGUMENT;
    if (size != phys_world_state_size(world))
        return PHYS_BAD_STATE;
    header head;
    memcpy(&head, bytes, sizeof head);
    const unsigned char *rest = (const unsigned char *)bytes + sizeof head;
    if (head.magic != MAGIC || head.version != VERSION || head.is_diverged > 1 ||
        head.def_hash != world->def_hash || head.checksum != checksum(&head, rest, size - sizeof head))
        return PHYS_BAD_STATE;
    for (size_t n = 0; n < body_count(world); n++) {
        double body[BODY_STATE_COUNT];
        memcpy(body, rest + n * sizeof body, sizeof body);
        if (!is_good_body(world, body))
            return PHYS_BAD_STATE;
    }
    for (size_t n = 0; n < world->joint_count; n++)
        if (!is_good_slide(&world->joints[n], rest))
            return PHYS_BAD_STATE;
    if (!is_good_table(world, rest + body_bytes(world)))
        return PHYS_BAD_STATE;
    restoring job = {world, rest};
    phys_guard(restore_all, &job);
    world->is_diverged = head.is_diverged == 1;
    return PHYS_OK;
}
