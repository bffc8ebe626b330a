/* SPDX-License-Identifier: MIT */
/* Random definitions and random calls with random, huge, tiny, NaN and infinite numbers: all end in a status.
 *
 *     cphysics_fuzz COUNT [SEED [CASE]]
 *
 * COUNT definitions and calls together. A case is one definition, mostly a possible robot with a few fields
 * spoilt, and a dozen calls on the world if there is one. Prints how often each status was seen; fails when
 * the guard had to step in. */
#include "CPhysics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static uint64_t next(void) { /* xorshift64* */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1du;
}
static uint32_t below(uint32_t bound) {
    return (uint32_t)((next() >> 32) % bound);
}
static double uniform(double low, double high) {
    return low + (high - low) * (double)(next() >> 11) * 0x1p-53;
}
static bool one_in(uint32_t n) {
    return below(n) == 0;
}

/* A number from the corners of what a double can be. */
static double wild(void) {
    static const double corners[] = {0,      -0.0,  1,     -1,       1e-320,
                                     1e-300, 1e-12, 1e-9,  1e-6,     1e-3,
                                     1e3,    1e4,   1e6,   1e9,      1e12,
                                     1e30,   1e154, 1e300, 1.79e308, -1e-6,
                                     -1e3,   -1e6,  -1e30, -1e300,   3.14159265358979,
                                     0.5};
    switch (below(5)) {
    case 0:
        return corners[below(sizeof corners / sizeof *corners)];
    case 1:
        return one_in(2) ? NAN : one_in(2) ? INFINITY : -INFINITY;
    case 2: {
        uint64_t bits = next();
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    case 3:
        return (one_in(2) ? 1 : -1) * pow(10, uniform(-14, 14));
    default:
        return uniform(-10, 10);
    }
}

/* A number that a field accepts, its whole range in powers of ten. */
static double log_uniform(double low, double high) {
    return low * pow(high / low, uniform(0, 1));
}

enum { LINKS = 6, GEOMS = 6, PAIRS = 8 };
static phys_link_def links[LINKS];
static phys_joint_def joints[LINKS];
static phys_geom_def geoms[GEOMS];
static phys_pair_def pairs[PAIRS];
static double hull_points[3 * PHYS_MAX_HULL_POINTS];
static uint32_t hull_sides;
static uint32_t hull_triangles[6 * PHYS_MAX_HULL_POINTS];
enum { FIELD_SIDE = 6 };
static float field_heights[FIELD_SIDE * FIELD_SIDE];

static void random_quaternion(double *q) {
    double length = 0;
    for (int i = 0; i < 4; i++) {
        q[i] = uniform(-1, 1);
        length += q[i] * q[i];
    }
    for (int i = 0; i < 4; i++)
        q[i] = length > 0.01 ? q[i] / sqrt(length) : i == 0;
}

/* What sizes a case has: a robot's, or any that the ranges allow, but within some decades of each other, so
 * that not all are refused. */
static struct {
    bool is_extreme;
    double mass, length, reach;
} scale;

static void choose_scale(void) {
    scale.is_extreme = one_in(3);
    scale.mass = scale.is_extreme ? log_uniform(1e-9, 1e6) : 1;
    scale.length = scale.is_extreme ? log_uniform(1e-5, 1e3) : 0.3;
    scale.reach = fmin(scale.length * (scale.is_extreme ? log_uniform(0.1, 1e3) : 3), 1e4);
}

static double clamp(double value, double low, double high) {
    return fmin(fmax(value, low), high);
}

static void random_link(phys_link_def *link, bool extremes) {
    *link = phys_link_default_def();
    link->mass = clamp(scale.mass * (extremes ? log_uniform(1e-3, 1e3) : log_uniform(0.01, 100)), 1e-9, 1e6);
    double size = scale.length * (extremes ? log_uniform(0.1, 10) : log_uniform(0.1, 3));
    for (int i = 0; i < 3; i++) {
        double radius = size * (extremes ? log_uniform(1e-3, 1) : uniform(0.2, 1));
        link->inertia[i] = link->mass * radius * radius;
        link->center_of_mass[i] = uniform(-1, 1) * scale.reach;
        link->position[i] = uniform(-1, 1) * scale.reach;
    }
    random_quaternion(link->quaternion);
}

static void random_joint(phys_joint_def *joint, int32_t parent, int32_t child, bool extremes) {
    *joint = phys_joint_default_def();
    joint->kind = (phys_joint_kind)below(3);
    joint->parent = parent;
    joint->child = child;
    for (int i = 0; i < 3; i++) {
        joint->anchor[i] = uniform(-1, 1) * scale.reach;
        joint->axis[i] = one_in(3) ? 0 : uniform(-1, 1);
    }
    if (joint->axis[0] == 0 && joint->axis[1] == 0)
        joint->axis[2] = 1;
    double top = extremes ? 1e9 : 100;
    if (one_in(2))
        joint->lower = -log_uniform(1e-6, extremes ? 1e6 : 10);
    if (one_in(2))
        joint->upper = log_uniform(1e-6, extremes ? 1e6 : 10);
    if (one_in(4))
        joint->velocity_limit = log_uniform(1e-6, 1e6);
    if (one_in(2))
        joint->armature = log_uniform(1e-9, extremes ? 1e6 : 1);
    if (one_in(2))
        joint->damping = log_uniform(1e-9, top);
    if (one_in(4))
        joint->stiffness = log_uniform(1e-9, top);
    if (one_in(4))
        joint->rest_position = uniform(-1, 1) * (extremes ? 1e6 : 1);
    if (one_in(4))
        joint->dry_friction = log_uniform(1e-9, top);
    joint->drive = (phys_drive)below(4);
    joint->kp = one_in(2) ? 0 : log_uniform(1e-9, top);
    joint->kd = one_in(2) ? 0 : log_uniform(1e-9, top);
    if (one_in(2))
        joint->effort_limit = one_in(8) ? 0 : log_uniform(1e-9, top);
}

/* All but one follow that one; mostly as they may. */
static void random_followers(const phys_world_def *def, bool extremes) {
    uint32_t leader = below((uint32_t)def->joint_count);
    if (joints[leader].kind == PHYS_JOINT_FIXED && !one_in(8))
        joints[leader].kind = PHYS_JOINT_HINGE;
    for (uint32_t i = 0; i < def->joint_count; i++) {
        if (i == leader || one_in(3))
            continue;
        joints[i].leader = one_in(16) ? (int32_t)next() : (int32_t)leader;
        joints[i].ratio = (one_in(2) ? -1 : 1) * log_uniform(extremes ? 1e-6 : 0.1, extremes ? 1e6 : 10);
        joints[i].offset = one_in(2) ? 0 : uniform(-1, 1);
        joints[i].drive = one_in(16) ? PHYS_DRIVE_TORQUE : PHYS_DRIVE_NONE;
        if (one_in(2))
            joints[i].lower = -INFINITY, joints[i].upper = INFINITY;
    }
}

/* A double pyramid over a polygon, the same for all hulls of a case. */
static uint32_t build_hull(bool extremes) {
    uint32_t sides = 3 + below(one_in(4) ? PHYS_MAX_HULL_POINTS - 4 : 6);
    double size[3];
    for (int i = 0; i < 3; i++)
        size[i] = clamp(scale.length * log_uniform(0.03, extremes ? 100 : 3), 1e-6, 1e4);
    memset(hull_points, 0, sizeof hull_points);
    hull_points[3 * sides + 2] = size[2] / 2;
    hull_points[3 * sides + 5] = -size[2] / 2;
    for (uint32_t k = 0; k < sides; k++) {
        hull_points[3 * k] = size[0] / 2 * cos(6.283185307179586 * k / sides);
        hull_points[3 * k + 1] = size[1] / 2 * sin(6.283185307179586 * k / sides);
        uint32_t next = (k + 1) % sides, *triangle = hull_triangles + 6 * k;
        triangle[0] = k, triangle[1] = next, triangle[2] = sides;
        triangle[3] = next, triangle[4] = k, triangle[5] = sides + 1;
    }
    return sides;
}

/* The same for all fields of a case. */
static void random_field(phys_geom_def *geom, bool extremes) {
    double cell = clamp(scale.length * log_uniform(extremes ? 0.01 : 0.1, extremes ? 100 : 3), 1e-3, 1e3);
    geom->link = -1;
    geom->size[0] = cell;
    geom->rows = 2 + below(FIELD_SIDE - 1), geom->columns = 2 + below(FIELD_SIDE - 1);
    geom->heights = field_heights;
    for (int i = 0; i < FIELD_SIDE * FIELD_SIDE; i++)
        field_heights[i] =
            one_in(3) ? 0 : (float)clamp(cell * uniform(-1, 1) * (extremes ? 100 : 2), -1e4, 1e4);
}

static void random_geom(phys_geom_def *geom, int32_t link_count, bool extremes) {
    *geom = phys_geom_default_def();
    geom->shape = (phys_shape)below(7);
    geom->link = geom->shape == PHYS_SHAPE_PLANE ? -1 : (int32_t)below((uint32_t)link_count + 1) - 1;
    for (int i = 0; i < 3; i++) {
        geom->size[i] = clamp(scale.length * log_uniform(0.03, extremes ? 100 : 3), 1e-6, 1e4);
        geom->position[i] = one_in(3) ? 0 : uniform(-1, 1) * scale.reach * (one_in(2) ? 0.1 : 1);
    }
    if (!one_in(3))
        random_quaternion(geom->quaternion);
    if (geom->shape == PHYS_SHAPE_FIELD)
        random_field(geom, extremes);
    if (geom->shape != PHYS_SHAPE_HULL)
        return;
    geom->points = hull_points, geom->triangles = hull_triangles;
    geom->point_count = hull_sides + 2, geom->triangle_count = 2 * hull_sides;
}

/* Overwrites one random double, or one integer, of an object. */
static void spoil(void *object, size_t size) {
    size_t n = size / sizeof(double);
    double value = wild();
    int32_t integer = one_in(2) ? (int32_t)next() : (int32_t)below(7) - 2;
    if (one_in(4)) {
        memcpy((char *)object + sizeof integer * below((uint32_t)(size / sizeof integer)), &integer,
               sizeof integer);
    } else {
        memcpy((char *)object + sizeof value * below((uint32_t)n), &value, sizeof value);
    }
}

/* The arrays of hulls stay arrays, or become none; all else may change. */
static void spoil_field(phys_geom_def *geom) {
    switch (below(4)) {
    case 0:
        field_heights[below(FIELD_SIDE * FIELD_SIDE)] = (float)wild();
        break;
    case 1:
        geom->rows = below(2);
        break;
    case 2:
        geom->columns = one_in(2) ? (size_t)next() | 0x10000u : below(2);
        break;
    default:
        geom->heights = NULL;
    }
}

static void spoil_geom(phys_geom_def *geom) {
    if (geom->heights != NULL && one_in(2)) {
        spoil_field(geom);
        return;
    }
    switch (below(geom->points != NULL ? 6 : 1)) {
    case 0:
        spoil(geom, offsetof(phys_geom_def, points));
        break;
    case 1:
        hull_points[below(3 * PHYS_MAX_HULL_POINTS)] = wild();
        break;
    case 2:
        hull_triangles[below(6 * PHYS_MAX_HULL_POINTS)] = one_in(2) ? (uint32_t)next() : below(70);
        break;
    case 3:
        geom->point_count = one_in(2) ? (size_t)next() : below(8);
        break;
    case 4:
        geom->triangle_count = one_in(2) ? (size_t)next() : below(8);
        break;
    default:
        if (one_in(2))
            geom->points = NULL;
        else
            geom->triangles = NULL;
    }
}

static void random_world(phys_world_def *def) {
    choose_scale();
    bool extremes = scale.is_extreme;
    *def = phys_world_default_def();
    def->base = (phys_base)below(3);
    def->link_count = 1 + below(one_in(4) ? LINKS : 2);
    if (one_in(3) && def->link_count > 1)
        def->object_count = one_in(16) ? (size_t)below(LINKS) : 1 + below((uint32_t)def->link_count - 1);
    def->joint_count = def->link_count - def->object_count - (def->base == PHYS_BASE_FIXED ? 0 : 1);
    def->joint_count = def->joint_count < LINKS ? def->joint_count : 0;
    def->geom_count = one_in(2) ? 0 : below(GEOMS + 1);
    if (one_in(2))
        def->time_step = log_uniform(1e-6, 0.1);
    def->solver = one_in(2) ? PHYS_SOLVER_ARTICULATED : PHYS_SOLVER_ODE;
    if (one_in(2))
        def->contact_time_constant = log_uniform(1e-6, 100);
    if (one_in(4))
        def->contact_damping_ratio = log_uniform(0.01, 100);
    if (one_in(4))
        def->contact_impedance = uniform(0, 1);
    if (one_in(2))
        def->stop_time_constant = log_uniform(1e-6, 100);
    if (one_in(4))
        def->stop_damping_ratio = log_uniform(0.01, 100);
    if (one_in(4))
        def->stop_impedance = one_in(2) ? 0 : uniform(0, 1);
    if (one_in(4))
        def->contact_law = def->solver == PHYS_SOLVER_ARTICULATED ? PHYS_LAW_CONVEX : PHYS_LAW_EXACT;
    if (one_in(4))
        def->stop_law = def->solver == PHYS_SOLVER_ARTICULATED ? PHYS_LAW_CONVEX : PHYS_LAW_EXACT;
    if (one_in(4))
        def->contact_margin = uniform(0, 1);
    if (one_in(4))
        def->max_linear_speed = def->max_angular_speed = log_uniform(1e-3, 1e6);
    if (extremes && one_in(2))
        def->gravity[0] = uniform(-1e4, 1e4);
    for (size_t i = 0; i < def->link_count; i++)
        random_link(&links[i], extremes);
    if (def->solver == PHYS_SOLVER_ARTICULATED && one_in(4)) {
        phys_link_def *link = &links[below((uint32_t)def->link_count)];
        link->mass = 0;
        memset(link->inertia, 0, sizeof link->inertia);
    }
    int32_t offset = def->base == PHYS_BASE_FIXED ? 0 : 1;
    for (int32_t i = 0; i < (int32_t)def->joint_count; i++) {
        int32_t child = i + offset, parent = (int32_t)below((uint32_t)child + 1) - 1;
        if (offset == 1 && parent < 0)
            parent = 0;
        random_joint(&joints[i], parent, child, extremes);
    }
    if (def->solver == PHYS_SOLVER_ARTICULATED && def->joint_count > 1 && one_in(2))
        random_followers(def, extremes);
    hull_sides = build_hull(extremes);
    for (size_t i = 0; i < def->geom_count; i++)
        random_geom(&geoms[i], (int32_t)def->link_count, extremes);
    def->pair_count = 0;
    for (int i = 0; i < PAIRS && def->geom_count > 1; i++) {
        phys_pair_def pair = {(int32_t)below((uint32_t)def->geom_count),
                              (int32_t)below((uint32_t)def->geom_count),
                              one_in(4) ? 0 : log_uniform(1e-3, 1e3), one_in(2) ? 0 : uniform(0, 1)};
        if (geoms[pair.geom_a].link != geoms[pair.geom_b].link)
            pairs[def->pair_count++] = pair;
    }
    def->links = links, def->joints = joints, def->geoms = geoms, def->pairs = pairs;
    if (one_in(2))
        return;
    /* Otherwise one thing is wrong, or just on a border. */
    switch (below(8)) {
    case 0:
        spoil(def, offsetof(phys_world_def, base) / sizeof(double) * sizeof(double));
        break;
    case 1:
        spoil(&links[below((uint32_t)def->link_count)], sizeof *links);
        break;
    case 2:
    case 3:
        spoil(&joints[below(LINKS)], sizeof *joints);
        break;
    case 4:
        spoil_geom(&geoms[below(GEOMS)]);
        break;
    case 5:
        spoil(&pairs[below(PAIRS)], sizeof *pairs);
        break;
    case 6:
        def->base = (phys_base)((int)below(6) - 1);
        break;
    default:
        if (one_in(2))
            def->cookie = (uint32_t)next();
        if (one_in(3))
            def->links = NULL;
        if (one_in(3))
            def->joints = NULL;
        if (one_in(3))
            def->joint_count = (size_t)next();
        if (one_in(3))
            def->geom_count = (size_t)next();
        break;
    }
}

static uint64_t seen[7];
static uint64_t calls;

static void count(phys_status status) {
    calls++;
    if ((int)status < 0 || (int)status > 6)
        abort();
    seen[status]++;
}

static double number(double reach) {
    return one_in(12) ? wild() : uniform(-reach, reach);
}

static void random_object(phys_world *world) {
    double reach = one_in(4) ? 1e6 : 3;
    phys_base_state at = {{0, 0, 0}, {1, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    random_quaternion(at.quaternion);
    for (int i = 0; i < 3; i++) {
        at.position[i] = number(reach);
        at.linear_velocity[i] = number(reach);
        at.angular_velocity[i] = number(reach);
    }
    count(phys_world_place_object(world, one_in(8) ? (size_t)next() : below(3), &at));
}

static void random_place(phys_world *world, const phys_world_def *def) {
    double q[LINKS], v[LINKS], reach = one_in(4) ? 1e6 : 3;
    for (int i = 0; i < LINKS; i++) {
        q[i] = number(reach);
        v[i] = number(reach);
    }
    phys_base_state base = {{0, 0, 0}, {1, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    for (int i = 0; i < 3; i++) {
        base.position[i] = number(reach);
        base.linear_velocity[i] = number(reach);
        base.angular_velocity[i] = number(reach);
    }
    random_quaternion(base.quaternion);
    if (one_in(8))
        base.quaternion[below(4)] = wild();
    if (def->base == PHYS_BASE_PLANAR && one_in(2)) {
        base.position[1] = links[0].position[1];
        base.linear_velocity[1] = base.angular_velocity[0] = base.angular_velocity[2] = 0;
        memcpy(base.quaternion, links[0].quaternion, sizeof base.quaternion);
    }
    bool has_base = def->base != PHYS_BASE_FIXED ? !one_in(4) : one_in(16);
    count(phys_world_place(world, has_base ? &base : NULL, one_in(8) ? NULL : q, one_in(8) ? NULL : v,
                           one_in(16) ? (size_t)next() : def->joint_count));
}

static void random_step(phys_world *world, const phys_world_def *def) {
    double commands[LINKS], reach = one_in(4) ? 1e9 : 10;
    for (int i = 0; i < LINKS; i++)
        commands[i] = one_in(40) ? wild() : uniform(-reach, reach);
    count(phys_world_step(world, one_in(40) ? NULL : commands, one_in(40) ? (size_t)next() : def->joint_count,
                          one_in(60)   ? (size_t)next() | 0x100000000u
                          : one_in(20) ? below(40)
                                       : below(4)));
}

static void random_change(phys_world *world, const phys_world_def *def) {
    double force[3] = {number(1e9), number(1e9), number(10)},
           torque[3] = {number(1e3), number(10), number(10)};
    size_t index = one_in(16) ? (size_t)next() : below(LINKS);
    double scale = one_in(2) ? wild() : log_uniform(0.01, 100);
    (void)def;
    switch (below(6)) {
    case 5:
        count(phys_world_set_contact_time_constant(world, scale));
        break;
    case 4:
        count(phys_world_measure_joint_forces(world, one_in(2)));
        break;
    case 0:
        count(phys_world_set_mass_scale(world, index, scale));
        break;
    case 1:
        count(phys_world_set_friction_scale(world, index, scale));
        break;
    case 2:
        count(phys_world_set_drive_scale(world, index, scale));
        break;
    default:
        count(phys_world_set_external_force(world, index, one_in(16) ? NULL : force,
                                            one_in(16) ? NULL : torque));
    }
}

static void random_ray(phys_world *world) {
    double origin[3], direction[3], length = 0, distance = -1,
                                    reach = one_in(8) ? wild() : log_uniform(1e-3, 100);
    int32_t seen_geoms[2] = {(int32_t)below(GEOMS), one_in(16) ? (int32_t)next() : 0};
    for (int i = 0; i < 3; i++) {
        origin[i] = number(one_in(4) ? 1e6 : 3);
        direction[i] = one_in(4) ? 0 : number(1);
        length += direction[i] * direction[i];
    }
    for (int i = 0; i < 3; i++)
        direction[i] /= sqrt(length);
    phys_status status =
        phys_world_cast_ray(world, seen_geoms, 1 + below(2), origin, direction, reach, &distance);
    count(status);
    if (status == PHYS_OK && !(distance >= 0 && distance <= reach))
        printf("a ray of %g m to %g m\n", distance, reach), abort();
}

static void random_read(const phys_world *world) {
    double values[19 * LINKS + 8];
    phys_quantity quantity = (phys_quantity)below(16);
    size_t size = one_in(16) ? (size_t)next() : phys_world_value_count(world, quantity);
    phys_status status = phys_world_read(world, quantity, one_in(32) ? NULL : values, size);
    count(status);
    if (status != PHYS_OK)
        return;
    for (size_t i = 0; i < size; i++)
        if (!isfinite(values[i])) {
            printf("quantity %d has a number that is not finite\n", (int)quantity);
            abort();
        }
}

static void random_contacts(const phys_world *world) {
    static phys_contact_reading contacts[512];
    size_t size = one_in(16) ? (size_t)next() : phys_world_contact_count(world);
    phys_status status = phys_world_contacts(world, one_in(32) ? NULL : contacts, size);
    count(status);
    for (size_t i = 0; status == PHYS_OK && i < size; i++)
        for (int k = 0; k < 3; k++)
            if (!isfinite(contacts[i].point[k]) || !isfinite(contacts[i].force[k])) {
                printf("a contact has a number that is not finite\n");
                abort();
            }
}

static void random_state(phys_world *world) {
    static unsigned char bytes[16384];
    size_t size = phys_world_state_size(world);
    if (size > sizeof bytes)
        return;
    count(phys_world_save(world, bytes + 1, size)); /* not aligned */
    if (one_in(2))
        bytes[1 + below((uint32_t)size)] ^= (unsigned char)(1u << below(8));
    if (one_in(8))
        size = (size_t)next();
    count(phys_world_restore(world, bytes + 1, size));
}

static void random_case(void) {
    phys_world_def def;
    char text[PHYS_TEXT_SIZE];
    phys_world *world = NULL;
    random_world(&def);
    phys_status status = phys_world_create(&def, one_in(50) ? NULL : &world, one_in(8) ? NULL : text);
    count(status);
    if (world == NULL)
        return;
    for (int i = 0; i < 12; i++)
        switch (below(8)) {
        case 0:
        case 1:
            random_place(world, &def);
            random_object(world);
            break;
        case 2:
            random_change(world, &def);
            break;
        case 3:
            random_read(world);
            random_contacts(world);
            break;
        case 4:
            if (one_in(2))
                random_ray(world);
            else
                random_state(world);
            break;
        default:
            random_step(world, &def);
        }
    phys_world_destroy(world);
}

int main(int argc, char **argv) {
    uint64_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t cases = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    while (calls < wanted) {
        state = (seed << 40) + cases++ + 0x9e3779b97f4a7c15u; /* each case can be repeated alone */
        for (int i = 0; i < 4; i++)
            next();
        random_case();
        if (phys_guard_count() > 0) {
            printf("seed %llu, case %llu: the guard stepped in\n", (unsigned long long)seed,
                   (unsigned long long)cases - 1);
            return 1;
        }
    }
    printf("%llu definitions and calls, %llu definitions:", (unsigned long long)calls,
           (unsigned long long)cases);
    for (int i = 0; i < 7; i++)
        printf(" status %d: %llu", i, (unsigned long long)seen[i]);
    printf("; guard: %llu\n", (unsigned long long)phys_guard_count());
    return seen[PHYS_OK] == 0 || seen[PHYS_DIVERGED] == 0;
}
