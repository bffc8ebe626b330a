/* SPDX-License-Identifier: MIT */
/* All rows together: impulses f with A f + b = w so that every unit obeys its law.
 *
 * Each unit alone tells which contacts are likely to be open, stuck and sliding and which bounded rows at
 * their bounds. With those modes the laws are equations, which are solved at once; what then breaks a law
 * changes its mode, and again. That takes two or three solutions as a rule. Where it goes round in circles:
 * the same from where a few sweeps lead, with one change at a time; by way of softer contacts; and at last,
 * in small problems, all modes. */
#include "articulated.h"

#include <string.h>

enum { FIRST_SWEEPS = 3, NEWTON_STEPS = 8, LAST_SWEEPS = 200, SOFT_STEPS = 60, FOLD_SWEEPS = 30 };

/* The softness, as a share of a contact's own mobility, that is as good as none: it gives way by a 1e-8th of
 * what the contact stops. And the one that will do. */
#define HARD 1e-8
#define HARD_ENOUGH 1e-6

/* How far a unit is from its law, as a velocity: what a step against the velocity and back into the bounds
 * would change. */
static double fault(const art_problem *problem, const art_unit *unit) {
    size_t r = (size_t)unit->row, n = problem->row_count;
    double mobility = problem->a[r * n + r], f = problem->impulse[r], w = problem->velocity[r];
    double moved = fmin(fmax(f - w / mobility, unit->low), unit->high);
    double sum = fabs(moved - f) * mobility;
    if (unit->tangents == 0)
        return sum;
    double x[2] = {0, 0}, y[2] = {0, 0}, length = 0;
    for (int i = 0; i < unit->tangents; i++) {
        y[i] = problem->impulse[r + 1 + (size_t)i];
        x[i] = y[i] - problem->velocity[r + 1 + (size_t)i] / mobility;
        length += x[i] * x[i];
    }
    length = sqrt(length);
    double bound = unit->friction * f, share = length > bound ? bound / length : 1;
    for (int i = 0; i < unit->tangents; i++)
        sum += fabs(share * x[i] - y[i]) * mobility;
    return sum;
}

static double largest_fault(const art_problem *problem) {
    double largest = 0;
    for (size_t i = 0; i < problem->unit_count; i++)
        largest = fmax(largest, fault(problem, &problem->units[i]));
    return largest;
}

static void sweep(art_problem *problem) {
    for (size_t i = 0; i < problem->unit_count; i++)
        phys_art_solve_unit(problem, &problem->units[i]);
}

/* Rounding and tolerances off: impulses within their bounds, exactly. */
static void enforce_bounds(art_problem *problem) {
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        double *f = &problem->impulse[unit->row];
        f[0] = fmin(fmax(f[0], unit->low), unit->high);
        if (unit->tangents == 0)
            continue;
        double bound = unit->friction * f[0];
        double length = unit->tangents == 2 ? sqrt(f[1] * f[1] + f[2] * f[2]) : fabs(f[1]);
        for (int k = 0; k < unit->tangents; k++) {
            if (unit->mode == ART_SLIDE) {
                f[1 + k] = -bound * unit->slide[k];
            } else if (length > bound) {
                f[1 + k] *= bound / length;
            }
        }
    }
}

static bool try_newton(art_problem *problem, double tolerance, art_choice choice) {
    size_t steps = choice == ART_CHANGE_ALL ? NEWTON_STEPS : NEWTON_STEPS + 2 * problem->unit_count;
    for (size_t i = 0; i < steps && phys_art_solve_modes(problem); i++)
        if (phys_art_check_modes(problem, tolerance, choice)) {
            enforce_bounds(problem);
            return true;
        }
    return false;
}

static double scale_of(const art_problem *problem) {
    double largest = 0;
    for (size_t r = 0; r < problem->row_count; r++)
        largest = fmax(largest, fabs(problem->b[r]));
    return largest;
}

/* Keeps the impulses where they are the best so far. */
static void keep_best(art_problem *problem, double *least) {
    double now = largest_fault(problem);
    if (!(now < *least))
        return;
    *least = now;
    memcpy(problem->best, problem->impulse, problem->row_count * sizeof(double));
}

/* Softens all contacts by a share of their own mobility. */
static void soften(art_problem *problem, double share) {
    size_t n = problem->row_count;
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        for (size_t r = (size_t)unit->row; r <= (size_t)(unit->row + unit->tangents); r++)
            if (unit->tangents > 0)
                problem->a[r * n + r] = problem->diagonal[r] * (1 + share);
    }
    phys_art_set_velocities(problem);
}

/* Contacts that say nearly the same, as two points of one foot, leave little room for modes that obey all
 * laws. If they are soft, they share. So: first soft ones, which are easy, and from their modes on to harder
 * ones, in steps as short as it takes. */
static bool try_from_soft(art_problem *problem, double tolerance) {
    size_t n = problem->row_count, bytes = problem->unit_count * sizeof *problem->units;
    for (size_t r = 0; r < n; r++)
        problem->diagonal[r] = problem->a[r * n + r];
    memcpy(problem->kept, problem->units, bytes);
    double factor = 0.1, reached = 1;
    for (int i = 0; i < SOFT_STEPS && reached > HARD; i++) {
        /* Where even a small step leads nowhere this way of solutions ends: sweeps find another. */
        bool is_at_end = factor > 0.9;
        double share = reached * (is_at_end ? 0.5 : factor);
        soften(problem, share);
        for (int k = 0; k < FOLD_SWEEPS && is_at_end; k++)
            sweep(problem);
        if (try_newton(problem, tolerance, ART_CHANGE_ALL) ||
            try_newton(problem, tolerance, ART_CHANGE_WORST)) {
            reached = share;
            factor = is_at_end ? 0.1 : fmax(factor * factor, 0.1);
            memcpy(problem->kept, problem->units, bytes);
            memcpy(problem->kept_impulse, problem->impulse, n * sizeof(double));
        } else {
            factor = sqrt(factor);
            memcpy(problem->units, problem->kept, bytes);
        }
    }
    soften(problem, 0);
    memcpy(problem->impulse, problem->kept_impulse, n * sizeof(double));
    return reached <= HARD_ENOUGH;
}

static bool try_sweeps(art_problem *problem, double tolerance, int count) {
    for (int i = 0; i < count; i++) {
        sweep(problem);
        if (largest_fault(problem) <= tolerance)
            return true;
    }
    return false;
}

static void take_best(art_problem *problem) {
    memcpy(problem->impulse, problem->best, problem->row_count * sizeof(double));
    phys_art_set_velocities(problem);
}

/* What each unit would do if it were alone; which is the solution where it is. */
static void guess_modes(art_problem *problem) {
    for (size_t i = 0; i < problem->unit_count; i++) {
        art_unit *unit = &problem->units[i];
        double impulse[3];
        phys_art_solve_alone(problem, unit, impulse);
        for (int k = 0; k <= unit->tangents && problem->unit_count == 1; k++)
            problem->impulse[unit->row + k] = impulse[k];
    }
}

static bool try_all(art_problem *problem, double tolerance) {
    double least = INFINITY;
    guess_modes(problem);
    if (problem->unit_count == 1 || try_newton(problem, tolerance, ART_CHANGE_ALL))
        return true;
    memset(problem->impulse, 0, problem->row_count * sizeof(double));
    memset(problem->best, 0, problem->row_count * sizeof(double));
    phys_art_set_velocities(problem);
    if (try_sweeps(problem, tolerance, FIRST_SWEEPS))
        return true;
    keep_best(problem, &least);
    if (try_newton(problem, tolerance, ART_CHANGE_WORST))
        return true;
    take_best(problem);
    sweep(problem);
    if (try_from_soft(problem, tolerance))
        return true;
    take_best(problem);
    for (int i = 0; i < LAST_SWEEPS; i++) {
        sweep(problem);
        keep_best(problem, &least);
    }
    memcpy(problem->kept, problem->units, problem->unit_count * sizeof *problem->units);
    if (phys_art_search(problem, tolerance)) {
        enforce_bounds(problem);
        return true;
    }
    take_best(problem);
    return false;
}

/* Solves the problem; false where not all laws could be met, and the nearest that was found stands. The work
 * is bounded. */
bool phys_art_solve_problem(art_problem *problem) {
    double tolerance = 1e-11 * scale_of(problem);
    problem->work = 0;
    phys_art_set_velocities(problem);
    return problem->unit_count == 0 || try_all(problem, tolerance);
}
