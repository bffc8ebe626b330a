/* SPDX-License-Identifier: MIT */
/* All rows together: impulses f with A f + b = w so that every unit obeys its law.
 *
 * A few sweeps, each unit exactly in turn, tell which contacts are open, stuck and sliding and which bounded
 * rows are at their bounds. With those modes the laws are equations, which are solved at once; what then breaks
 * a law changes its mode, and again. This is Newton's method on Coulomb's law: quadratic in the directions of
 * sliding, and exact once the modes are right. Where modes come back in a circle, sweeps break it. */
#include "articulated.h"

#include <string.h>

enum { FIRST_SWEEPS = 3, NEWTON_STEPS = 10, ROUNDS = 6, ROUND_SWEEPS = 12, LAST_SWEEPS = 200 };

/* A slide's direction counts as found when it turns by less than this, rad. */
#define SAME_DIRECTION 1e-6

static void set_velocities(art_problem *problem) {
    size_t n = problem->row_count;
    memcpy(problem->velocity, problem->b, n * sizeof(double));
    for (size_t r = 0; r < n; r++) {
        double impulse = problem->impulse[r];
        const double *row = &problem->a[r * n];
        for (size_t k = 0; k < n && impulse != 0; k++)
            problem->velocity[k] += row[k] * impulse;
    }
}

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

static double sweep(art_problem *problem) {
    double largest = 0;
    for (size_t i = 0; i < problem->unit_count; i++)
        largest = fmax(largest, phys_art_solve_unit(problem, &problem->units[i]));
    return largest;
}

/* ---- The equations of the modes */

/* The unknowns of a unit: none where it is open or at a bound; the normal and the tangents where it sticks; the
 * normal, with friction along the slide in proportion, and the friction across where it slides. */
static size_t unknown_count(const art_unit *unit) {
    switch (unit->mode) {
    case ART_STICK:
        return (size_t)unit->tangents + 1;
    case ART_SLIDE:
        return (size_t)unit->tangents;
    case ART_FREE:
        return 1;
    default:
        return 0;
    }
}

/* What unknown i of a unit stands for, in its own rows. `is_effect`: as impulses; else as the velocity that is
 * to vanish. */
static void direction_of(const art_unit *unit, size_t i, bool is_effect, double *out) {
    out[0] = out[1] = out[2] = 0;
    if (unit->mode != ART_SLIDE) {
        out[i] = 1;
    } else if (i == 0) {
        out[0] = 1;
        for (int k = 0; k < 2 && is_effect; k++)
            out[1 + k] = -unit->friction * unit->slide[k];
    } else {
        out[1] = -unit->slide[1];
        out[2] = unit->slide[0];
    }
}

/* How soft the friction across a slide is: when the velocity turns, friction turns with it. */
static double softness_across(const art_problem *problem, const art_unit *unit) {
    size_t r = (size_t)unit->row;
    double mobility = problem->a[(r + 1) * problem->row_count + r + 1];
    return fmin(unit->slip / (unit->friction * unit->normal_impulse + 1e-300), 1e9 * mobility);
}

static double along(const art_unit *unit, const double *direction, const double *values) {
    double sum = 0;
    for (int i = 0; i <= unit->tangents; i++)
        sum += direction[i] * values[unit->row + i];
    return sum;
}

static void set_column(art_problem *problem, const art_unit *unit, const double *direction) {
    size_t n = problem->row_count;
    memset(problem->column, 0, n * sizeof(double));
    for (int i = 0; i <= unit->tangents; i++) {
        const double *row = &problem->a[((size_t)unit->row + (size_t)i) * n];
        for (size_t k = 0; k < n && direction[i] != 0; k++)
            problem->column[k] += direction[i] * row[k];
    }
}

/* Fills matrix and right side for the modes; returns the number of unknowns. */
static size_t set_equations(art_problem *problem) {
    size_t count = 0, column = 0, row = 0;
    double direction[3];
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        count += unknown_count(unit);
        bool is_bound = unit->mode == ART_LOW || unit->mode == ART_HIGH;
        for (int k = 0; k <= unit->tangents; k++)
            problem->impulse[unit->row + k] = 0;
        if (is_bound)
            problem->impulse[unit->row] = unit->mode == ART_LOW ? unit->low : unit->high;
    }
    if (count > ART_HELD_LIMIT)
        return count;
    set_velocities(problem);
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        for (size_t k = 0; k < unknown_count(unit); k++, column++) {
            direction_of(unit, k, true, direction);
            set_column(problem, unit, direction);
            row = 0;
            for (size_t j = 0; j < problem->unit_count; j++) {
                const art_unit *other = &problem->units[j];
                for (size_t l = 0; l < unknown_count(other); l++, row++) {
                    direction_of(other, l, false, direction);
                    problem->matrix[row * count + column] = along(other, direction, problem->column);
                }
            }
            direction_of(unit, k, false, direction);
            problem->right[column] = -along(unit, direction, problem->velocity);
            if (unit->mode == ART_SLIDE && k == 1)
                problem->matrix[column * count + column] += softness_across(problem, unit);
        }
    }
    return count;
}

/* Gaussian elimination with row pivoting, in place. */
static void eliminate(double *matrix, double *right, size_t n) {
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(matrix[i * n + k]) > fabs(matrix[best * n + k]))
                best = i;
        if (best != k) {
            for (size_t j = k; j < n; j++) {
                double kept = matrix[k * n + j];
                matrix[k * n + j] = matrix[best * n + j];
                matrix[best * n + j] = kept;
            }
            double kept = right[k];
            right[k] = right[best];
            right[best] = kept;
        }
        const double *top = &matrix[k * n];
        double inverse = 1 / top[k];
        for (size_t i = k + 1; i < n; i++) {
            double *row = &matrix[i * n], share = row[k] * inverse;
            if (share == 0)
                continue;
            for (size_t j = k + 1; j < n; j++)
                row[j] -= share * top[j];
            right[i] -= share * right[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            right[k] -= matrix[k * n + j] * right[j];
        right[k] /= matrix[k * n + k];
    }
}

static void take_solution(art_problem *problem) {
    size_t next = 0;
    double direction[3];
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        for (size_t k = 0; k < unknown_count(unit); k++, next++) {
            direction_of(unit, k, true, direction);
            for (int j = 0; j <= unit->tangents; j++)
                problem->impulse[unit->row + j] += direction[j] * problem->right[next];
        }
    }
    set_velocities(problem);
}

/* ---- Which laws the solution breaks */

static bool check_scalar(const art_problem *problem, art_unit *unit, double tolerance) {
    size_t r = (size_t)unit->row;
    double f = problem->impulse[r], w = problem->velocity[r];
    double slack = tolerance / problem->a[r * problem->row_count + r];
    art_mode mode = unit->mode;
    if (mode == ART_FREE) {
        mode = f < unit->low - slack ? ART_LOW : f > unit->high + slack ? ART_HIGH : ART_FREE;
    } else if ((mode == ART_LOW && w < -tolerance) || (mode == ART_HIGH && w > tolerance)) {
        mode = ART_FREE;
    }
    bool is_kept = mode == unit->mode;
    unit->mode = mode;
    return is_kept;
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

/* A slide goes on in the direction of its velocity, or ends where that turns round. While there is none yet, it
 * is about to go against the friction. */
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
        unit->mode = ART_STICK;
        return false;
    }
    return turn_slide(problem, unit, v, unit->slip);
}

static bool check_contact(const art_problem *problem, art_unit *unit, double tolerance) {
    size_t r = (size_t)unit->row;
    const double *f = &problem->impulse[r];
    double slack = tolerance / problem->a[r * problem->row_count + r];
    if (unit->mode == ART_OPEN) {
        if (problem->velocity[r] >= -tolerance)
            return true;
        unit->mode = ART_STICK;
        return false;
    }
    if (f[0] < -slack) {
        unit->mode = ART_OPEN;
        return false;
    }
    if (unit->mode == ART_SLIDE)
        return check_slide(problem, unit, tolerance);
    double length = unit->tangents == 2 ? sqrt(f[1] * f[1] + f[2] * f[2]) : fabs(f[1]);
    if (length <= unit->friction * f[0] + slack)
        return true;
    unit->mode = ART_SLIDE;
    unit->slip = 0;
    unit->normal_impulse = f[0];
    unit->slide[0] = -f[1] / length;
    unit->slide[1] = unit->tangents == 2 ? -f[2] / length : 0;
    return false;
}

static bool check_units(art_problem *problem, double tolerance) {
    bool is_right = true;
    for (size_t i = 0; i < problem->unit_count; i++) {
        art_unit *unit = &problem->units[i];
        is_right &= unit->tangents > 0 ? check_contact(problem, unit, tolerance)
                                       : check_scalar(problem, unit, tolerance);
    }
    return is_right;
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

static bool try_newton(art_problem *problem, double tolerance) {
    for (int i = 0; i < NEWTON_STEPS; i++) {
        size_t count = set_equations(problem);
        if (count > ART_HELD_LIMIT)
            return false;
        eliminate(problem->matrix, problem->right, count);
        take_solution(problem);
        if (check_units(problem, tolerance)) {
            enforce_bounds(problem);
            return true;
        }
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

/* From sweeps to Newton's method, and again from where the sweeps had come. */
static bool try_rounds(art_problem *problem, double tolerance) {
    double least = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        int sweeps = round == 0 ? FIRST_SWEEPS : ROUND_SWEEPS;
        for (int i = 0; i < sweeps; i++) {
            sweep(problem);
            if (largest_fault(problem) <= tolerance)
                return true;
        }
        keep_best(problem, &least);
        if (try_newton(problem, tolerance))
            return true;
        memcpy(problem->impulse, problem->best, problem->row_count * sizeof(double));
        set_velocities(problem);
    }
    for (int i = 0; i < LAST_SWEEPS; i++) {
        if (sweep(problem) <= tolerance)
            break;
        keep_best(problem, &least);
    }
    memcpy(problem->impulse, problem->best, problem->row_count * sizeof(double));
    set_velocities(problem);
    return false;
}

/* Solves the problem; false where not all laws could be met, and the nearest that was found stands. The work is
 * bounded. */
bool phys_art_solve_problem(art_problem *problem) {
    double tolerance = 1e-11 * scale_of(problem);
    set_velocities(problem);
    return problem->unit_count == 0 || try_rounds(problem, tolerance);
}
