/* SPDX-License-Identifier: MIT */
/* One contact alone, exactly: its normal and friction impulses where all other impulses are known.
 *
 * Coulomb's law with the friction bound taken from the normal impulse that belongs to it: open, or stuck, or
 * sliding with f = -mu n v / |v|. Sliding is a viscous drag f = -v / c with the one c >= 0 for which |f| = mu
 * n. At c = 0 the contact is stuck, where |f| > mu n if sticking is impossible; as c grows f goes to 0. So a
 * c is there, whatever the coupling of friction and normal, and bisection finds it: also where a rod jams. */
#include "articulated.h"

/* What the unit's own rows show while all else stays. */
static void read_cone(const art_problem *problem, const art_unit *unit, art_cone *cone) {
    size_t n = problem->row_count, r = (size_t)unit->row;
    phys_art_clear_cone(unit, cone);
    for (size_t i = 0; i <= (size_t)unit->tangents; i++) {
        cone->g[i] = problem->velocity[r + i];
        for (size_t k = 0; k <= (size_t)unit->tangents; k++) {
            cone->b[i][k] = problem->a[(r + i) * n + r + k];
            cone->g[i] -= cone->b[i][k] * problem->impulse[r + k];
        }
    }
}

/* The impulse under a drag of compliance c; returns by how much friction is above its bound. */
static double drag(const art_cone *cone, double c, double *impulse) {
    const double(*b)[3] = cone->b;
    const double *g = cone->g;
    double one = b[1][1] + c, two = b[2][2] + c, mixed = b[1][2], det = one * two - mixed * mixed;
    /* friction = -W^-1 (g + b n) as p + q n */
    double p1 = -(two * g[1] - mixed * g[2]) / det, p2 = -(one * g[2] - mixed * g[1]) / det;
    double q1 = -(two * b[0][1] - mixed * b[0][2]) / det, q2 = -(one * b[0][2] - mixed * b[0][1]) / det;
    double n = -(g[0] + b[0][1] * p1 + b[0][2] * p2) / (b[0][0] + b[0][1] * q1 + b[0][2] * q2);
    impulse[0] = n;
    impulse[1] = p1 + q1 * n;
    impulse[2] = p2 + q2 * n;
    return sqrt(impulse[1] * impulse[1] + impulse[2] * impulse[2]) - cone->friction * n;
}

/* The compliance at which friction is at its bound: a bracket from both sides in powers of ten, then
 * bisection with false position (Illinois). */
static void find_slide(const art_cone *cone, double *impulse) {
    double middle = 0.5 * (cone->b[1][1] + cone->b[2][2]), low = 0, high = middle;
    double above = drag(cone, 0, impulse), below = drag(cone, high, impulse);
    for (int i = 0; i < 60 && below > 0; i++) {
        low = high, above = below;
        high *= 8;
        below = drag(cone, high, impulse);
    }
    int last = 0;
    for (int i = 0; i < 60 && high - low > 1e-14 * high; i++) {
        double c = i % 4 == 3 ? 0.5 * (low + high) : low + (high - low) * above / (above - below);
        if (!(c > low && c < high))
            c = 0.5 * (low + high);
        double over = drag(cone, c, impulse);
        if (fabs(over) <= 1e-13 * (cone->friction * fabs(impulse[0])))
            return;
        if (over > 0) {
            low = c, above = over;
            below *= last == 1 ? 0.5 : 1;
            last = 1;
        } else {
            high = c, below = over;
            above *= last == -1 ? 0.5 : 1;
            last = -1;
        }
    }
}

/* The impulse onto its cone, the unit into its mode. */
static void settle(const art_cone *cone, art_unit *unit, double *impulse) {
    double bound = cone->friction * impulse[0];
    double length = sqrt(impulse[1] * impulse[1] + impulse[2] * impulse[2]);
    if (!(impulse[0] > 0)) {
        unit->mode = ART_OPEN;
        impulse[0] = impulse[1] = impulse[2] = 0;
        return;
    }
    unit->mode = ART_SLIDE;
    unit->normal_impulse = impulse[0];
    if (!(length > 0)) {
        unit->mode = ART_STICK;
        return;
    }
    for (int i = 0; i < 2; i++) {
        unit->slide[i] = -impulse[1 + i] / length;
        impulse[1 + i] *= bound / length;
    }
    double v[2];
    for (int i = 0; i < 2; i++)
        v[i] = cone->g[1 + i] + cone->b[1 + i][0] * impulse[0] + cone->b[1 + i][1] * impulse[1] +
               cone->b[1 + i][2] * impulse[2];
    unit->slip = sqrt(v[0] * v[0] + v[1] * v[1]);
}

static void solve_contact(const art_cone *cone, art_unit *unit, double *impulse) {
    impulse[0] = impulse[1] = impulse[2] = 0;
    unit->mode = ART_OPEN;
    if (cone->g[0] >= 0)
        return;
    if (drag(cone, 0, impulse) <= 0) {
        unit->mode = ART_STICK;
        return;
    }
    find_slide(cone, impulse);
    settle(cone, unit, impulse);
}

static void solve_scalar(const art_cone *cone, art_unit *unit, double *impulse) {
    impulse[0] = -cone->g[0] / cone->b[0][0];
    unit->mode = ART_FREE;
    if (impulse[0] <= unit->low) {
        unit->mode = ART_LOW;
        impulse[0] = unit->low;
    } else if (impulse[0] >= unit->high) {
        unit->mode = ART_HIGH;
        impulse[0] = unit->high;
    }
}

void phys_art_clear_cone(const art_unit *unit, art_cone *cone) {
    for (int i = 0; i < 3; i++) {
        cone->g[i] = 0;
        for (int k = 0; k < 3; k++)
            cone->b[i][k] = i == k;
    }
    cone->friction = unit->friction;
}

/* The unit's mode and impulse by its law. */
void phys_art_solve_cone(const art_cone *cone, art_unit *unit, double *impulse) {
    if (unit->tangents > 0) {
        solve_contact(cone, unit, impulse);
    } else {
        solve_scalar(cone, unit, impulse);
    }
}

/* The same where all others keep their impulses. */
void phys_art_solve_alone(const art_problem *problem, art_unit *unit, double *impulse) {
    art_cone cone;
    read_cone(problem, unit, &cone);
    phys_art_solve_cone(&cone, unit, impulse);
}

/* Solves a unit while all others keep their impulses, and brings the velocities up to date. */
void phys_art_solve_unit(art_problem *problem, art_unit *unit) {
    double impulse[3];
    phys_art_solve_alone(problem, unit, impulse);
    size_t n = problem->row_count;
    for (size_t i = 0; i <= (size_t)unit->tangents; i++) {
        size_t r = (size_t)unit->row + i;
        double change = impulse[i] - problem->impulse[r];
        if (change == 0)
            continue;
        problem->impulse[r] = impulse[i];
        const double *row = &problem->a[r * n];
        for (size_t k = 0; k < n; k++)
            problem->velocity[k] += row[k] * change;
    }
}
