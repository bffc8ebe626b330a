/* SPDX-License-Identifier: MIT */
/* Keeping ODE's equations within what double precision can solve.
 *
 * ODE solves A f = b with A = J M^-1 J' + cfm / h, and its solver mixes the elements of A with the number 1
 * while it moves rows in and out of the active set (the "+ 1" of its LDLT downdate). Elements far from 1 lose
 * digits, and at the end ODE ends the process. So
 * - definitions whose smallest and largest possible diagonal elements ("mobility", 1/kg) are too far apart
 * are refused;
 * - masses are given to ODE in a unit of their own, that puts the range around 1. It is a power of two: no
 * bit of a mass changes;
 * - CFM is at least a share of the largest element, so that parallel rows stay solvable.
 */
#include "physics_internal.h"

/* Smallest and largest eigenvalue of a symmetric 3x3 matrix (closed form by the angle of its deviator; Smith
 * 1961). */
void phys_principal_moments(const double *i, double *low, double *high) {
    double mean = (i[0] + i[1] + i[2]) / 3;
    double a = i[0] - mean, b = i[1] - mean, c = i[2] - mean, d = i[3], e = i[4], f = i[5];
    double p = sqrt((a * a + b * b + c * c + 2 * (d * d + e * e + f * f)) / 6);
    if (!(p > 0)) {
        *low = *high = mean;
        return;
    }
    double determinant = a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e);
    double cosine = determinant / (2 * p * p * p);
    double angle = acos(cosine < -1 ? -1 : cosine > 1 ? 1 : cosine) / 3;
    *high = mean + 2 * p * cos(angle);
    *low = mean + 2 * p * cos(angle + 2 * 3.14159265358979323846 / 3);
}

static void center_of_mass(const phys_link_def *link, double *out) {
    double q[4];
    for (int i = 0; i < 4; i++)
        q[i] = link->quaternion[i];
    q_normalize(q);
    q_rotate(q, link->center_of_mass, out);
    v3_add_scaled(out, 1, link->position);
}

/* The lever at which a joint acts on a link: hinges at the anchor; sliders, and fixed joints on the parent,
 * at the other link's centre. */
static double joint_reach(const phys_world_def *def, const phys_joint_def *joint, const double *com) {
    double arm[3], child[3], parent[3];
    if (joint->kind == PHYS_JOINT_HINGE) {
        v3_sub(joint->anchor, com, arm);
    } else if (joint->parent >= 0) {
        center_of_mass(&def->links[joint->child], child);
        center_of_mass(&def->links[joint->parent], parent);
        v3_sub(child, parent, arm);
    } else {
        return 0;
    }
    return sqrt(v3_dot(arm, arm));
}

static double geom_reach(const phys_geom_def *geom, const phys_link_def *link) {
    double arm[3], size = 0;
    int count = geom->shape == PHYS_SHAPE_BOX ? 3 : geom->shape == PHYS_SHAPE_SPHERE ? 1 : 2;
    v3_sub(geom->position, link->center_of_mass, arm);
    if (geom->shape == PHYS_SHAPE_HULL) {
        count = 0;
        for (size_t i = 0; i < geom->point_count; i++)
            size = fmax(size, sqrt(v3_dot(geom->points + 3 * i, geom->points + 3 * i)));
    }
    for (int i = 0; i < count; i++)
        size += geom->size[i];
    return sqrt(v3_dot(arm, arm)) + size;
}

/* The range of what one link puts on the diagonal of A: a force through its centre moves it by 1 / mass, a
 * force at the end of the longest arm (a torque: of 1 m) by reach^2 / inertia more. */
static void link_mobility(const phys_world_def *def, size_t n, double *low, double *high) {
    const phys_link_def *link = &def->links[n];
    double least, most, reach = 1, com[3];
    phys_principal_moments(link->inertia, &least, &most);
    center_of_mass(link, com);
    for (size_t k = 0; k < def->joint_count; k++)
        if (def->joints[k].child == (int32_t)n || def->joints[k].parent == (int32_t)n)
            reach = fmax(reach, joint_reach(def, &def->joints[k], com));
    for (size_t k = 0; k < def->geom_count; k++)
        if (def->geoms[k].link == (int32_t)n)
            reach = fmax(reach, geom_reach(&def->geoms[k], link));
    *low = fmin(1 / link->mass, 1 / most);
    *high = 1 / link->mass + reach * reach / least;
}

static void world_mobility(const phys_world_def *def, double *low, double *high, size_t *lowest,
                           size_t *highest) {
    *low = INFINITY;
    *high = 0;
    for (size_t n = 0; n < def->link_count; n++) {
        double least, most;
        if (phys_is_massless(def, n))
            continue;
        link_mobility(def, n, &least, &most);
        if (least < *low)
            *low = least, *lowest = n;
        if (most > *high)
            *high = most, *highest = n;
    }
}

bool phys_check_mobility(const phys_world_def *def, phys_report *report) {
    double low = 1, high = 1;
    size_t lowest = 0, highest = 0;
    world_mobility(def, &low, &high, &lowest, &highest);
    if (high <= MOBILITY_RANGE * low)
        return true;
    return phys_refuse(report,
                       "links[%zu].inertia: it is too small beside links[%zu] and its own arms: force moves "
                       "it %.0e times as easily, "
                       "more than %.0e; raise its mass or inertia",
                       highest, lowest, high / low, MOBILITY_RANGE);
}

void phys_choose_units(phys_world *world, const phys_world_def *def) {
    double low = 1, high = 1;
    size_t lowest = 0, highest = 0;
    world_mobility(def, &low, &high, &lowest, &highest);
    world->unit = ldexp(1, (int)nearbyint(0.5 * (log2(low) + log2(high))));
    world->mobility = high;
    world->least_cfm = 1e-12 * def->time_step * high;
    for (size_t k = 0; k < world->joint_count; k++) {
        phys_joint *joint = &world->joints[k];
        joint->longest_slide = INFINITY;
        if (joint->def.kind != PHYS_JOINT_SLIDER || joint->def.parent < 0 ||
            def->solver == PHYS_SOLVER_ARTICULATED)
            continue;
        double child, parent, most;
        phys_principal_moments(def->links[joint->def.child].inertia, &child, &most);
        phys_principal_moments(def->links[joint->def.parent].inertia, &parent, &most);
        joint->longest_slide = 10 * sqrt(fmin(child, parent) * high);
    }
}
