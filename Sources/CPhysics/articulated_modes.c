/* SPDX-License-Identifier: MIT */
/* Whether a solution for some modes obeys the laws, and which modes to try next. */
#include "articulated.h"

/* A slide's direction counts as found when it turns by less than this, rad. */
#define SAME_DIRECTION 1e-6

static void propose(art_unit *unit, art_mode mode, double fault) {
    unit->proposed = mode;
    unit->fault = fault;
}

static void check_scalar(const art_problem *problem, art_unit *unit) {
    size_t r = (size_t)unit->row;
    double f = problem->impulse[r], w = problem->velocity[r];
    double mobility = problem->a[r * problem->row_count + r];
    if (unit->mode == ART_FREE) {
        if (f < unit->low) {
            propose(unit, ART_LOW, (unit->low - f) * mobility);
        } else if (f > unit->high) {
            propose(unit, ART_HIGH, (f - unit->high) * mobility);
        }
    } else {
        propose(unit, ART_FREE, unit->mode == ART_LOW ? -w : w);
    }
}

/* Turns a slide into a direction; whether it was that already, and friction is against it. */
static bool turn_slide(const art_problem *problem, art_unit *unit, const double *to, double length) {
    const double *f = &problem->impulse[unit->row];
    double turned = 0, bound = unit->friction * f[0], off = 0;
    for (int i = 0; i < unit->tangents; i++) {
        double way = to[i] / length;
        turned += fabs(way - unit->slide[i]);
        off += fabs(f[1 + i] + bound * way);
        unit->slide[i] = way;
    }
    return turned <= SAME_DIRECTION && off <= SAME_DIRECTION * bound;
}

/* A slide goes on in the direction of its velocity, or ends where that turns round. While there is none yet,
 * it is about to go against the friction. Whether the direction is found. */
static bool check_slide(const art_problem *problem, art_unit *unit, double tolerance) {
    size_t r = (size_t)unit->row;
    double v[2] = {0, 0}, against[2] = {0, 0}, ahead = 0;
    for (int i = 0; i < unit->tangents; i++) {
        v[i] = problem->velocity[r + 1 + (size_t)i];
        against[i] = -problem->impulse[r + 1 + (size_t)i];
        ahead += v[i] * unit->slide[i];
    }
    unit->normal_impulse = problem->impulse[r];
    unit->slip = sqrt(v[0] * v[0] + v[1] * v[1]);
    if (unit->slip <= tolerance) {
        double length = sqrt(against[0] * against[0] + against[1] * against[1]);
        return !(length > 0) || turn_slide(problem, unit, against, length);
    }
    if (ahead < 0) {
        propose(unit, ART_STICK, -ahead);
        return true;
    }
    return turn_slide(problem, unit, v, unit->slip);
}

static bool check_contact(const art_problem *problem, art_unit *unit, double tolerance) {
    size_t r = (size_t)unit->row, n = problem->row_count;
    const double *f = &problem->impulse[r];
    if (unit->mode == ART_OPEN) {
        propose(unit, ART_STICK, -problem->velocity[r]);
        return true;
    }
    if (f[0] < 0) {
        propose(unit, ART_OPEN, -f[0] * problem->a[r * n + r]);
        if (unit->fault > tolerance)
            return true;
    }
    if (unit->mode == ART_SLIDE)
        return check_slide(problem, unit, tolerance);
    double length = unit->tangents == 2 ? sqrt(f[1] * f[1] + f[2] * f[2]) : fabs(f[1]);
    if (length > unit->friction * f[0])
        propose(unit, ART_SLIDE, (length - unit->friction * f[0]) * problem->a[(r + 1) * n + r + 1]);
    return true;
}

/* A contact that closes does what it would do alone; one that begins to slide does so against the friction
 * that would have held it. */
static void change_mode(const art_problem *problem, art_unit *unit) {
    const double *f = &problem->impulse[unit->row];
    if (unit->mode == ART_OPEN) {
        double impulse[3];
        phys_art_solve_alone(problem, unit, impulse);
        return;
    }
    if (unit->proposed == ART_SLIDE) {
        double length = unit->tangents == 2 ? sqrt(f[1] * f[1] + f[2] * f[2]) : fabs(f[1]);
        unit->slip = 0;
        unit->normal_impulse = f[0];
        for (int i = 0; i < unit->tangents; i++)
            unit->slide[i] = -f[1 + i] / length;
    }
    unit->mode = unit->proposed;
}

/* Whether all laws hold. If not, changes the modes: of all units that break theirs, of the worst, or of none;
 * directions of slides follow their velocities. */
bool phys_art_check_modes(art_problem *problem, double tolerance, art_choice choice) {
    bool is_right = true;
    art_unit *chosen = NULL;
    for (size_t i = 0; i < problem->unit_count; i++) {
        art_unit *unit = &problem->units[i];
        unit->fault = 0;
        if (unit->tangents == 0) {
            check_scalar(problem, unit);
        } else {
            is_right &= check_contact(problem, unit, tolerance);
        }
        if (!(unit->fault > tolerance))
            continue;
        is_right = false;
        if (choice == ART_CHANGE_ALL) {
            change_mode(problem, unit);
        } else if (chosen == NULL || unit->fault > chosen->fault) {
            chosen = unit;
        }
    }
    if (chosen != NULL && choice != ART_CHANGE_NONE)
        change_mode(problem, chosen);
    return is_right;
}
