/* SPDX-License-Identifier: MIT */
/* How easily forces move joints and contact points: the diagonal of J M^-1 J' with all joints free.
 *
 * Articulated-body inertias from the leaves to the base, then mobilities (inverse operational-space inertias)
 * from the base to the leaves (Featherstone, Rigid Body Dynamics Algorithms, ch. 7; Rodriguez, Jain and
 * Kreutz-Delgado 1991). Spatial vectors are (turning, moving) of a link's centre of mass, along the axes of
 * ODE's world.
 */
#include "physics_internal.h"

#include <string.h>

/* A force on a frame whose origin is `arm` further on, as one on this frame. */
static void shift_force(const double *arm, double *f) {
    double turning[3];
    v3_cross(arm, f + 3, turning);
    v3_add_scaled(f, 1, turning);
}

static void multiply(const double *matrix, const double *v, double *out) {
    for (int i = 0; i < 6; i++) {
        double sum = 0;
        for (int k = 0; k < 6; k++)
            sum += matrix[6 * i + k] * v[k];
        out[i] = sum;
    }
}

static double dot6(const double *a, const double *b) {
    return v3_dot(a, b) + v3_dot(a + 3, b + 3);
}

/* The inertia of one link alone. */
static void link_inertia(const phys_world *world, size_t n, double *out) {
    const phys_link *link = &world->links[n];
    double scale = world->mass_scale[n], half[9];
    memset(out, 0, 36 * sizeof *out);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            half[3 * i + k] = link->r[4 * i] * link->mass.I[k] + link->r[4 * i + 1] * link->mass.I[4 + k] +
                              link->r[4 * i + 2] * link->mass.I[8 + k];
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            out[6 * i + k] = scale * v3_dot(&half[3 * i], &link->r[4 * k]);
    for (int i = 3; i < 6; i++)
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
static void add_to_parent(phys_world *world, phys_joint *joint) {
    phys_link *child = &world->links[joint->def.child];
    multiply(child->inertia, joint->motion, joint->force);
    joint->inertia = dot6(joint->motion, joint->force) + joint->def.armature;
    if (joint->def.parent < 0)
        return;
    phys_link *parent = &world->links[joint->def.parent];
    double felt[36], arm[3], share = joint->def.kind == PHYS_JOINT_FIXED ? 0 : 1 / joint->inertia;
    v3_sub(child->x, parent->x, arm);
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 6; k++)
            felt[6 * i + k] = child->inertia[6 * i + k] - share * joint->force[i] * joint->force[k];
    for (int i = 0; i < 6; i++) /* rows as forces; the matrix is symmetric, so columns follow */
        shift_force(arm, &felt[6 * i]);
    for (int k = 0; k < 6; k++) {
        double column[6];
        for (int i = 0; i < 6; i++)
            column[i] = felt[6 * i + k];
        shift_force(arm, column);
        for (int i = 0; i < 6; i++)
            parent->inertia[6 * i + k] += column[i];
    }
}

/* Inverse of the symmetric `count` x `count` part of a 6x6 matrix that `index` picks (Gauss-Jordan; such a
 * matrix needs no pivoting). */
static void invert_part(const double *matrix, const int *index, int count, double *out) {
    double a[36];
    for (int i = 0; i < count; i++)
        for (int k = 0; k < count; k++)
            a[6 * i + k] = matrix[6 * index[i] + index[k]];
    for (int p = 0; p < count; p++) {
        double pivot = 1 / a[7 * p];
        a[7 * p] = 1;
        for (int k = 0; k < count; k++)
            a[6 * p + k] *= pivot;
        for (int i = 0; i < count; i++) {
            double factor = a[6 * i + p];
            if (i == p)
                continue;
            a[6 * i + p] = 0;
            for (int k = 0; k < count; k++)
                a[6 * i + k] -= factor * a[6 * p + k];
        }
    }
    memset(out, 0, 36 * sizeof *out);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < count; k++)
            out[6 * index[i] + index[k]] = a[6 * i + k];
}

static void base_mobility(const phys_world *world, phys_link *base) {
    static const int all[6] = {0, 1, 2, 3, 4, 5}, in_plane[3] = {2, 3, 4};
    if (world->is_planar) {
        invert_part(base->inertia, in_plane, 3, base->mobility);
    } else {
        invert_part(base->inertia, all, 6, base->mobility);
    }
}

/* A force on the child that its joint lets through, as one on the parent. */
static void pass_to_parent(const phys_joint *joint, const double *arm, double *force) {
    if (joint->def.kind != PHYS_JOINT_FIXED) {
        double share = dot6(joint->motion, force) / joint->inertia;
        for (int i = 0; i < 6; i++)
            force[i] -= share * joint->force[i];
    }
    shift_force(arm, force);
}

/* The child's mobility: what its joint lets it move, and what the parent moves with it. */
static void child_mobility(const phys_world *world, const phys_joint *joint) {
    phys_link *child = &world->links[joint->def.child];
    double own = joint->def.kind == PHYS_JOINT_FIXED ? 0 : 1 / joint->inertia, arm[3];
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 6; k++)
            child->mobility[6 * i + k] = own * joint->motion[i] * joint->motion[k];
    if (joint->def.parent < 0)
        return;
    const phys_link *parent = &world->links[joint->def.parent];
    double through[36], half[36];
    v3_sub(child->x, parent->x, arm);
    for (int i = 0; i < 6; i++) { /* rows: what a unit force on the child does to the parent */
        memset(&through[6 * i], 0, 6 * sizeof *through);
        through[7 * i] = 1;
        pass_to_parent(joint, arm, &through[6 * i]);
        multiply(parent->mobility, &through[6 * i], &half[6 * i]);
    }
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 6; k++)
            child->mobility[6 * i + k] += dot6(&half[6 * i], &through[6 * k]);
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
    memcpy(felt, joint->force, sizeof felt);
    shift_force(arm, felt);
    multiply(parent->mobility, felt, moved);
    return own + own * own * dot6(felt, moved);
}

void phys_measure_mobilities(phys_world *world) {
    for (size_t n = 0; n < world->link_count; n++)
        link_inertia(world, n, world->links[n].inertia);
    for (size_t k = world->link_count; k-- > 0;) {
        int32_t n = world->links[world->order[k]].joint;
        if (n < 0)
            continue;
        joint_motion(world, &world->joints[n]);
        add_to_parent(world, &world->joints[n]);
    }
    for (size_t k = 0; k < world->link_count; k++) {
        phys_link *link = &world->links[world->order[k]];
        if (link->joint < 0) {
            base_mobility(world, link);
            continue;
        }
        phys_joint *joint = &world->joints[link->joint];
        joint->mobility = sensible(world, joint_mobility(world, joint));
        if (world->subtree_size[world->order[k]] > 1 || world->def.contact_impedance < 1)
            child_mobility(world, joint);
    }
}

static double point_mobility(const phys_world *world, int32_t geom, const phys_contact_point *point) {
    int32_t n = world->geoms[geom].def.link;
    if (n < 0)
        return 0;
    const phys_link *link = &world->links[n];
    double force[6], moved[6], arm[3];
    v3_sub(point->point, link->x, arm);
    v3_cross(arm, point->normal, force);
    v3_copy(point->normal, force + 3);
    multiply(link->mobility, force, moved);
    return dot6(force, moved);
}

/* Along the normal. Of two links of one robot the sum: that they also move each other is left out. */
double phys_contact_mobility(const phys_world *world, const phys_contact_point *point) {
    return sensible(world,
                    point_mobility(world, point->first, point) + point_mobility(world, point->second, point));
}
