/* SPDX-License-Identifier: MIT */
/* How easily forces move joints and contact points: the diagonal of J M^-1 J' with all joints free.
 *
 * Articulated-body inertias from the leaves to the base, then mobilities (inverse operational-space inertias)
 * from the base to the leaves (Featherstone, Rigid Body Dynamics Algorithms, ch. 7; Rodriguez, Jain and
 * Kreutz-Delgado 1991). Spatial vectors are (turning, moving) of a link's centre of mass, along the axes of
 * ODE's world.
 *
 * All of it is measured where it is asked for, once in a substep: many joints and most substeps need none.
 */
#include "physics_internal.h"

#include <string.h>

/* The components that matter. A robot that stays in its plane has no others: they would all be 0. */
typedef struct {
    int first, last; /* of 0 ... 5 */
} range;

#define ALL ((range){0, 5})
#define IN_PLANE ((range){2, 4})
/* What is called with either, so that it is compiled for each. */
#define IN_RANGE static inline __attribute__((always_inline))

static range components(const phys_world *world) {
    return world->is_flat ? IN_PLANE : ALL;
}

/* A force on a frame whose origin is `arm` further on, as one on this frame. */
IN_RANGE void shift_force(range c, const double *arm, double *f) {
    f[2] += arm[0] * f[4] - arm[1] * f[3];
    if (c.first == 2)
        return;
    f[0] += arm[1] * f[5] - arm[2] * f[4];
    f[1] += arm[2] * f[3] - arm[0] * f[5];
}

IN_RANGE void multiply(range c, const double *matrix, const double *v, double *out) {
    for (int i = c.first; i <= c.last; i++) {
        double sum = 0;
        for (int k = c.first; k <= c.last; k++)
            sum += matrix[6 * i + k] * v[k];
        out[i] = sum;
    }
}

IN_RANGE double dot(range c, const double *a, const double *b) {
    if (c.first == 2)
        return a[2] * b[2] + (a[3] * b[3] + a[4] * b[4]);
    return v3_dot(a, b) + v3_dot(a + 3, b + 3);
}

/* The inertia of one link alone. */
IN_RANGE void link_inertia(const phys_world *world, range c, size_t n, double *out) {
    const phys_link *link = &world->links[n];
    double scale = world->mass_scale[n], half[3];
    for (int i = c.first; i <= c.last; i++)
        for (int k = c.first; k <= c.last; k++)
            out[6 * i + k] = 0;
    for (int i = c.first; i < 3; i++) {
        for (int k = 0; k < 3; k++)
            half[k] = link->r[4 * i] * link->mass.I[k] + link->r[4 * i + 1] * link->mass.I[4 + k] +
                      link->r[4 * i + 2] * link->mass.I[8 + k];
        for (int k = c.first; k < 3; k++)
            out[6 * i + k] = scale * v3_dot(half, &link->r[4 * k]);
    }
    for (int i = 3; i <= c.last; i++)
        out[7 * i] = scale * link->def.mass;
}

/* The motion of the child's centre at one unit of joint speed. */
static void joint_motion(const phys_world *world, phys_joint *joint) {
    const phys_link *child = &world->links[joint->def.child];
    double axis[3], arm[3];
    r_rotate(child->r, joint->axis, axis);
    memset(joint->motion, 0, sizeof joint->motion);
    if (joint->def.kind == PHYS_JOINT_SLIDER) {
        v3_copy(axis, joint->motion + 3);
    } else if (joint->def.kind == PHYS_JOINT_HINGE) {
        r_rotate(child->r, joint->from_child, arm);
        v3_copy(axis, joint->motion);
        v3_cross(arm, axis, joint->motion + 3);
    }
}

/* What the parent feels of the child's articulated inertia, added to its own. */
IN_RANGE void add_to_parent(phys_world *world, range c, phys_joint *joint) {
    phys_link *child = &world->links[joint->def.child];
    multiply(c, child->inertia, joint->motion, joint->force);
    joint->inertia = dot(c, joint->motion, joint->force) + joint->def.armature;
    if (joint->def.parent < 0)
        return;
    phys_link *parent = &world->links[joint->def.parent];
    double felt[36], arm[3], share = joint->def.kind == PHYS_JOINT_FIXED ? 0 : 1 / joint->inertia;
    v3_sub(child->x, parent->x, arm);
    for (int i = c.first; i <= c.last; i++) { /* rows as forces; the matrix is symmetric: columns follow */
        for (int k = c.first; k <= c.last; k++)
            felt[6 * i + k] = child->inertia[6 * i + k] - share * joint->force[i] * joint->force[k];
        shift_force(c, arm, &felt[6 * i]);
    }
    for (int k = c.first; k <= c.last; k++) {
        double column[6];
        for (int i = c.first; i <= c.last; i++)
            column[i] = felt[6 * i + k];
        shift_force(c, arm, column);
        for (int i = c.first; i <= c.last; i++)
            parent->inertia[6 * i + k] += column[i];
    }
}

/* Inverse of the symmetric part of a 6x6 matrix that `c` picks (Gauss-Jordan; such a matrix needs no
 * pivoting). */
static void invert_part(const double *matrix, range c, double *out) {
    memset(out, 0, 36 * sizeof *out);
    for (int i = c.first; i <= c.last; i++)
        for (int k = c.first; k <= c.last; k++)
            out[6 * i + k] = matrix[6 * i + k];
    for (int p = c.first; p <= c.last; p++) {
        double pivot = 1 / out[7 * p];
        out[7 * p] = 1;
        for (int k = c.first; k <= c.last; k++)
            out[6 * p + k] *= pivot;
        for (int i = c.first; i <= c.last; i++) {
            double factor = out[6 * i + p];
            if (i == p)
                continue;
            out[6 * i + p] = 0;
            for (int k = c.first; k <= c.last; k++)
                out[6 * i + k] -= factor * out[6 * p + k];
        }
    }
}

static void base_mobility(const phys_world *world, phys_link *base) {
    bool is_in_plane = world->is_planar && base == &world->links[0];
    invert_part(base->inertia, is_in_plane ? IN_PLANE : ALL, base->mobility);
}

/* A force on the child that its joint lets through, as one on the parent. */
IN_RANGE void pass_to_parent(const phys_joint *joint, range c, const double *arm, double *force) {
    if (joint->def.kind != PHYS_JOINT_FIXED) {
        double share = dot(c, joint->motion, force) / joint->inertia;
        for (int i = c.first; i <= c.last; i++)
            force[i] -= share * joint->force[i];
    }
    shift_force(c, arm, force);
}

/* The child's mobility: what its joint lets it move, and what the parent moves with it. */
IN_RANGE void child_mobility(const phys_world *world, range c, const phys_joint *joint) {
    phys_link *child = &world->links[joint->def.child];
    double own = joint->def.kind == PHYS_JOINT_FIXED ? 0 : 1 / joint->inertia, arm[3];
    for (int i = c.first; i <= c.last; i++)
        for (int k = c.first; k <= c.last; k++)
            child->mobility[6 * i + k] = own * joint->motion[i] * joint->motion[k];
    if (joint->def.parent < 0)
        return;
    const phys_link *parent = &world->links[joint->def.parent];
    double through[36], half[36];
    v3_sub(child->x, parent->x, arm);
    for (int i = c.first; i <= c.last; i++) { /* rows: what a unit force on the child does to the parent */
        memset(&through[6 * i], 0, 6 * sizeof *through);
        through[7 * i] = 1;
        pass_to_parent(joint, c, arm, &through[6 * i]);
        multiply(c, parent->mobility, &through[6 * i], &half[6 * i]);
    }
    for (int i = c.first; i <= c.last; i++)
        for (int k = c.first; k <= c.last; k++)
            child->mobility[6 * i + k] += dot(c, &half[6 * i], &through[6 * k]);
}

/* Rounding may leave nothing sensible where masses are many decades apart. */
static double sensible(const phys_world *world, double mobility) {
    return mobility > 1e-12 * world->mobility && mobility < 10 * world->mobility ? mobility : world->mobility;
}

/* The joint's mobility: its effort moves the child, and the parent the other way. */
static double joint_mobility(const phys_world *world, const phys_joint *joint) {
    if (joint->def.kind == PHYS_JOINT_FIXED)
        return 0;
    double own = 1 / joint->inertia, arm[3], felt[6], moved[6];
    if (joint->def.parent < 0)
        return own;
    const phys_link *parent = &world->links[joint->def.parent];
    v3_sub(world->links[joint->def.child].x, parent->x, arm);
    range c = components(world);
    memcpy(felt, joint->force, sizeof felt);
    shift_force(c, arm, felt);
    multiply(c, parent->mobility, felt, moved);
    return own + own * own * dot(c, felt, moved);
}

/* From the leaves to the base. */
IN_RANGE void measure_inertias(phys_world *world, range c) {
    for (size_t n = 0; n < world->link_count; n++) {
        link_inertia(world, c, n, world->links[n].inertia);
        world->links[n].has_mobility = false;
    }
    for (size_t k = world->link_count; k-- > 0;) {
        int32_t n = world->links[world->order[k]].joint;
        if (n < 0)
            continue;
        joint_motion(world, &world->joints[n]);
        add_to_parent(world, c, &world->joints[n]);
    }
    world->has_inertias = true;
}

/* Measures a link's mobility where that is not done yet, and before it those of all that carry it. */
static void need_link(phys_world *world, int32_t n) {
    int32_t chain[PHYS_MAX_LINKS], count = 0;
    if (!world->has_inertias)
        world->is_flat ? measure_inertias(world, IN_PLANE) : measure_inertias(world, ALL);
    while (n >= 0 && !world->links[n].has_mobility) {
        const phys_link *link = &world->links[n];
        chain[count++] = n;
        n = link->joint >= 0 ? world->joints[link->joint].def.parent : -1;
    }
    while (count > 0) {
        phys_link *link = &world->links[chain[--count]];
        if (link->joint < 0) {
            base_mobility(world, link);
        } else if (world->is_flat) {
            child_mobility(world, IN_PLANE, &world->joints[link->joint]);
        } else {
            child_mobility(world, ALL, &world->joints[link->joint]);
        }
        link->has_mobility = true;
    }
}

double phys_joint_mobility(phys_world *world, const phys_joint *joint) {
    need_link(world, joint->def.parent);
    return sensible(world, joint_mobility(world, joint));
}

/* More than any mobility of a joint with this armature, which resists by itself; with room for rounding. */
double phys_most_mobile(const phys_world *world, double armature) {
    double most = 10 * world->mobility;
    return armature > 0 ? fmin(most, 2 / armature) : most;
}

static double point_mobility(phys_world *world, int32_t geom, const phys_contact_point *point) {
    int32_t n = world->geoms[geom].def.link;
    if (n < 0)
        return 0;
    need_link(world, n);
    const phys_link *link = &world->links[n];
    double force[6], moved[6], arm[3];
    v3_sub(point->point, link->x, arm);
    v3_cross(arm, point->normal, force);
    v3_copy(point->normal, force + 3);
    range c = components(world);
    multiply(c, link->mobility, force, moved);
    return dot(c, force, moved);
}

/* Along the normal. Of two links of one robot the sum: that they also move each other is left out. */
double phys_contact_mobility(phys_world *world, const phys_contact_point *point) {
    return sensible(world,
                    point_mobility(world, point->first, point) + point_mobility(world, point->second, point));
}

/* A robot whose hinges all stand on its plane and whose sliders all lie in it never leaves it; objects do. */
bool phys_is_flat(const phys_world *world) {
    if (!world->is_planar || world->robot_link_count < world->link_count)
        return false;
    for (size_t n = 0; n < world->joint_count; n++) {
        const phys_joint *joint = &world->joints[n];
        double off = joint->def.kind == PHYS_JOINT_HINGE    ? fabs(joint->axis[0]) + fabs(joint->axis[1])
                     : joint->def.kind == PHYS_JOINT_SLIDER ? fabs(joint->axis[2])
                                                            : 0;
        if (off > 0)
            return false;
    }
    return true;
}
