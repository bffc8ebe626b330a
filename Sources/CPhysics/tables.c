/* SPDX-License-Identifier: MIT */
/* The checked definition, copied and compiled into the tables that stepping uses. No ODE object is made here.
 */
#include "physics_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- Frames. A planar robot moves in ODE's x-y plane, where Plane2D works: (x, y, z) becomes (x, z, -y),
 * and the plane's y is taken off, so that the base's centre of mass is at ODE's z = 0. All other robots keep
 * the caller's frame. */

void phys_to_ode(const phys_world *world, const double *v, double *out) {
    double y = world->is_planar ? v[2] : v[1], z = world->is_planar ? -v[1] : v[2];
    out[0] = v[0];
    out[1] = y;
    out[2] = z;
}

void phys_from_ode(const phys_world *world, const double *v, double *out) {
    double y = world->is_planar ? -v[2] : v[1], z = world->is_planar ? v[1] : v[2];
    out[0] = v[0];
    out[1] = y;
    out[2] = z;
}

void phys_point_to_ode(const phys_world *world, const double *p, double *out) {
    double moved[3] = {p[0], p[1] - world->plane_y, p[2]};
    phys_to_ode(world, moved, out);
}

void phys_point_from_ode(const phys_world *world, const double *p, double *out) {
    phys_from_ode(world, p, out);
    out[1] += world->plane_y;
}

/* ---- Links */

/* The inertia along the axes of ODE's world at the zero configuration: R I R'. */
static void compile_inertia(const phys_world *world, phys_link *link) {
    const double *i = link->def.inertia;
    double local[3][3] = {{i[0], i[3], i[4]}, {i[3], i[1], i[5]}, {i[4], i[5], i[2]}};
    double r[3][3], turned[3][3];
    for (int axis = 0; axis < 3; axis++) {
        double unit[3] = {0, 0, 0}, column[3];
        unit[axis] = 1;
        q_rotate(link->zero_quaternion, unit, column);
        phys_to_ode(world, column, column);
        for (int row = 0; row < 3; row++)
            r[row][axis] = column[row];
    }
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            turned[a][b] = 0;
            for (int c = 0; c < 3; c++)
                for (int d = 0; d < 3; d++)
                    turned[a][b] += r[a][c] * local[c][d] * r[b][d];
        }
    dMassSetZero(&link->mass);
    link->mass.mass = link->def.mass;
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            link->mass.I[4 * a + b] = a <= b ? turned[a][b] : turned[b][a];
}

/* 1 at most where the triangle inequality holds, but it is not asked for. */
static double tumbling(const double *inertia) {
    double low, high;
    phys_principal_moments(inertia, &low, &high);
    double middle = inertia[0] + inertia[1] + inertia[2] - low - high;
    return fmax(fmax((high - middle) / low, (high - low) / middle), (middle - low) / high);
}

static void compile_link(const phys_world *world, phys_link *link, const phys_link_def *def) {
    link->def = *def;
    link->joint = -1;
    memcpy(link->zero_quaternion, def->quaternion, sizeof link->zero_quaternion);
    q_normalize(link->zero_quaternion);
    q_rotate(link->zero_quaternion, def->center_of_mass, link->com_in_world_axes);
    double com[3];
    v3_copy(def->position, com);
    v3_add_scaled(com, 1, link->com_in_world_axes);
    phys_point_to_ode(world, com, link->zero_com);
    compile_inertia(world, link);
    link->tumbling = fmax(tumbling(def->inertia), 1);
}

/* ---- Joints and their tree */

static void compile_joint(phys_world *world, size_t n, const phys_joint_def *def) {
    static const double origin[3] = {0, 0, 0};
    phys_joint *joint = &world->joints[n];
    const phys_link *child = &world->links[def->child];
    const double *parent_com = def->parent >= 0 ? world->links[def->parent].zero_com : origin;
    double anchor[3], length = 1;
    joint->def = *def;
    if (def->kind == PHYS_JOINT_HINGE) {
        phys_point_to_ode(world, def->anchor, anchor);
    } else {
        v3_copy(child->zero_com, anchor);
    }
    if (def->kind != PHYS_JOINT_FIXED) {
        phys_to_ode(world, def->axis, joint->axis);
        length = sqrt(v3_dot(joint->axis, joint->axis));
        for (int i = 0; i < 3; i++)
            joint->axis[i] /= length;
    }
    v3_sub(anchor, parent_com, joint->from_parent);
    v3_sub(anchor, child->zero_com, joint->from_child);
    world->links[def->child].joint = (int32_t)n;
    if (def->kind == PHYS_JOINT_FIXED)
        return;
    bool is_servo = def->drive == PHYS_DRIVE_POSITION || def->drive == PHYS_DRIVE_VELOCITY;
    if (is_servo && def->effort_limit < INFINITY)
        world->has_limited_servo = true;
}

/* Depth-first order by repeated passes would be quadratic; the robot is small and this happens once. */
static void visit(phys_world *world, int32_t link, int32_t *count) {
    int32_t start = *count;
    world->rank[link] = start;
    world->order[(*count)++] = link;
    for (size_t n = 0; n < world->joint_count; n++)
        if (world->joints[n].def.parent == link)
            visit(world, world->joints[n].def.child, count);
    world->subtree_size[link] = *count - start;
}

static void compile_tree(phys_world *world) {
    int32_t count = 0;
    for (size_t i = 0; i < world->link_count; i++) {
        int32_t joint = world->links[i].joint;
        if (joint < 0 || world->joints[joint].def.parent < 0)
            visit(world, (int32_t)i, &count);
    }
}

/* ---- Geoms and pairs */

/* The geom's axes in those of the body (static: of ODE's world), as the columns of a 3x4 matrix. */
static void compile_turn(const phys_world *world, phys_geom *geom) {
    for (int axis = 0; axis < 3; axis++) {
        double unit[3] = {0, 0, 0}, column[3];
        unit[axis] = 1;
        q_rotate(geom->def.quaternion, unit, column);
        if (geom->def.link >= 0)
            q_rotate(world->links[geom->def.link].zero_quaternion, column, column);
        phys_to_ode(world, column, column);
        for (int row = 0; row < 3; row++)
            geom->turn[4 * row + axis] = column[row];
    }
    memcpy(geom->rotation, geom->turn, sizeof geom->turn);
}

/* False when memory is exhausted. */
static bool compile_geom(const phys_world *world, phys_geom *geom, const phys_geom_def *def) {
    geom->def = *def;
    q_normalize(geom->def.quaternion);
    geom->radius = phys_bounding_radius(def) * (1 + 1e-9);
    geom->thickness = phys_thickness(def);
    if (!phys_compile_hull(geom, def))
        return false;
    compile_turn(world, geom);
    if (def->link >= 0) {
        const phys_link *link = &world->links[def->link];
        double from_com[3];
        v3_sub(def->position, link->def.center_of_mass, from_com);
        q_rotate(link->zero_quaternion, from_com, from_com);
        phys_to_ode(world, from_com, geom->offset);
        return true;
    }
    phys_point_to_ode(world, def->position, geom->offset);
    v3_copy(geom->offset, geom->center);
    for (int i = 0; i < 3; i++)
        geom->normal[i] = geom->turn[4 * i + 2];
    geom->highest = -INFINITY;
    for (size_t i = 0; def->shape == PHYS_SHAPE_FIELD && i < def->rows * def->columns; i++)
        geom->highest = fmax(geom->highest, (double)def->heights[i]);
    return true;
}

static void compile_pair(const phys_world *world, phys_pair *pair, const phys_pair_def *def) {
    bool is_swapped = world->geoms[def->geom_a].def.link < 0;
    pair->first = is_swapped ? def->geom_b : def->geom_a;
    pair->second = is_swapped ? def->geom_a : def->geom_b;
    pair->friction = def->friction;
    pair->restitution = def->restitution;
}

/* ---- Memory */

static void share_state(phys_world *world) {
    size_t l = world->link_count, j = world->joint_count, g = world->geom_count;
    double *next = world->state;
    world->joint_position = next, next += j;
    world->joint_velocity = next, next += j;
    world->joint_effort = next, next += j;
    world->joint_force = next, next += 3 * j;
    world->joint_torque = next, next += 3 * j;
    world->geom_force = next, next += 3 * g;
    world->geom_mean_force = next, next += 3 * g;
    world->external_force = next, next += 3 * l;
    world->external_torque = next, next += 3 * l;
    world->mass_scale = next, next += l;
    world->friction_scale = next, next += g;
    world->drive_scale = next, next += j;
    world->contact_time_constant = next;
}

static bool allocate(phys_world *world) {
    size_t l = world->link_count, j = world->joint_count, g = world->geom_count, p = world->pair_count;
    world->state_count = 10 * j + 7 * g + 7 * l + 1;
    world->links = calloc(l, sizeof *world->links);
    world->joints = calloc(j + 1, sizeof *world->joints);
    world->geoms = calloc(g + 1, sizeof *world->geoms);
    world->pairs = calloc(p + 1, sizeof *world->pairs);
    world->order = calloc(3 * l, sizeof *world->order);
    world->state = calloc(world->state_count, sizeof *world->state);
    world->link_wrench = calloc(6 * l, sizeof *world->link_wrench);
    world->attempt = calloc(BODY_STATE_COUNT * l + 2 * j, sizeof *world->attempt);
    world->contacts = calloc(p > 0 ? WORLD_CONTACTS : 1, sizeof *world->contacts);
    world->points = calloc(p > 0 ? WORLD_CONTACTS : 1, sizeof *world->points);
    if (world->links == NULL || world->joints == NULL || world->geoms == NULL || world->pairs == NULL ||
        world->order == NULL || world->state == NULL || world->contacts == NULL || world->points == NULL ||
        world->attempt == NULL || world->link_wrench == NULL)
        return false;
    world->rank = world->order + l;
    world->subtree_size = world->order + 2 * l;
    share_state(world);
    return true;
}

/* False when memory is exhausted; `phys_world_destroy` frees what there is. */
bool phys_build_tables(phys_world *world, const phys_world_def *def) {
    world->def = *def;
    world->def.links = NULL, world->def.joints = NULL, world->def.geoms = NULL, world->def.pairs = NULL;
    world->link_count = def->link_count, world->joint_count = def->joint_count;
    world->robot_link_count = phys_robot_link_count(def);
    world->geom_count = def->geom_count, world->pair_count = def->pair_count;
    world->def_hash = phys_hash_def(def);
    world->is_planar = def->base == PHYS_BASE_PLANAR;
    if (!allocate(world))
        return false;
    if (world->is_planar) {
        phys_link base = {0};
        compile_link(world, &base, &def->links[0]);
        world->plane_y = def->links[0].position[1] + base.com_in_world_axes[1];
    }
    phys_to_ode(world, def->gravity, world->gravity);
    for (size_t i = 0; i < def->link_count; i++)
        compile_link(world, &world->links[i], &def->links[i]);
    for (size_t i = 0; i < def->joint_count; i++)
        compile_joint(world, i, &def->joints[i]);
    phys_merge_followers(world);
    for (size_t i = 0; i < def->geom_count; i++)
        if (!compile_geom(world, &world->geoms[i], &def->geoms[i]))
            return false;
    for (size_t i = 0; i < def->pair_count; i++)
        compile_pair(world, &world->pairs[i], &def->pairs[i]);
    compile_tree(world);
    world->is_flat = phys_is_flat(world);
    phys_choose_units(world, def);
    for (size_t i = 0; i < def->link_count; i++)
        world->mass_scale[i] = 1;
    for (size_t i = 0; i < def->geom_count; i++)
        world->friction_scale[i] = 1;
    for (size_t i = 0; i < def->joint_count; i++)
        world->drive_scale[i] = 1;
    world->contact_time_constant[0] = def->contact_time_constant;
    return def->solver == PHYS_SOLVER_ODE || phys_art_build(world);
}
