/* SPDX-License-Identifier: MIT */
/* The equations that the laws are once it is known which contacts are open, stuck and sliding: Newton's
 * method on Coulomb's law. Along a slide friction is -mu times the normal impulse; across it, it turns with
 * the velocity, which is a softness of slip / (mu n). So it finds the directions of slides with quadratic
 * speed. */
#include "articulated.h"

#include <string.h>

/* w = A f + b */
void phys_art_set_velocities(art_problem *problem) {
    size_t n = problem->row_count;
    memcpy(problem->velocity, problem->b, n * sizeof(double));
    for (size_t r = 0; r < n; r++) {
        double impulse = problem->impulse[r];
        const double *row = &problem->a[r * n];
        for (size_t k = 0; k < n && impulse != 0; k++)
            problem->velocity[k] += row[k] * impulse;
    }
}

/* The unknowns of a unit: none where it is open or at a bound; the normal and the tangents where it sticks;
 * the normal, with friction along the slide in proportion, and the friction across where it slides. */
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

/* How soft the friction across a slide is: when the velocity turns, friction turns with it. */
static double softness_across(const art_problem *problem, const art_unit *unit) {
    size_t r = (size_t)unit->row;
    double mobility = problem->a[(r + 1) * problem->row_count + r + 1];
    return fmin(unit->slip / (unit->friction * unit->normal_impulse + 1e-300), 1e9 * mobility);
}

/* The velocities that one more unit of an unknown gives to all rows. `which`: of the unit's unknowns. */
static const double *column_of(art_problem *problem, const art_unit *unit, size_t which) {
    size_t n = problem->row_count;
    const double *first = &problem->a[(size_t)unit->row * n];
    if (unit->mode != ART_SLIDE)
        return first + which * n;
    const double *one = first + n, *two = unit->tangents == 2 ? first + 2 * n : first;
    double x = unit->slide[0], y = unit->tangents == 2 ? unit->slide[1] : 0, *out = problem->column;
    if (which == 0) {
        double along_one = -unit->friction * x, along_two = -unit->friction * y;
        for (size_t i = 0; i < n; i++)
            out[i] = first[i] + along_one * one[i] + along_two * two[i];
    } else {
        for (size_t i = 0; i < n; i++)
            out[i] = x * two[i] - y * one[i];
    }
    return out;
}

/* Those of the velocities that are to vanish, one beside each unknown, `stride` apart. */
static void pick(const art_problem *problem, const double *values, double *out, size_t stride) {
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        const double *own = &values[unit->row];
        size_t count = unknown_count(unit);
        for (size_t k = 0; k < count; k++, out += stride)
            *out = k == 1 && unit->mode == ART_SLIDE ? unit->slide[0] * own[2] - unit->slide[1] * own[1]
                                                     : own[k];
    }
}

/* Impulses of those that have no unknowns; all others 0. Returns the number of unknowns. */
static size_t clear_impulses(art_problem *problem) {
    size_t count = 0;
    memset(problem->impulse, 0, problem->row_count * sizeof(double));
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        count += unknown_count(unit);
        if (unit->mode == ART_LOW || unit->mode == ART_HIGH)
            problem->impulse[unit->row] = unit->mode == ART_LOW ? unit->low : unit->high;
    }
    return count;
}

/* Fills matrix and right side for the modes. */
static void set_equations(art_problem *problem, size_t count) {
    size_t column = 0;
    phys_art_set_velocities(problem);
    pick(problem, problem->velocity, problem->right, 1);
    for (size_t i = 0; i < count; i++)
        problem->right[i] = -problem->right[i];
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        for (size_t k = 0; k < unknown_count(unit); k++, column++) {
            pick(problem, column_of(problem, unit, k), &problem->matrix[column], count);
            if (unit->mode == ART_SLIDE && k == 1)
                problem->matrix[column * count + column] += softness_across(problem, unit);
        }
    }
}

/* Gaussian elimination with row pivoting, in place. */
static void eliminate(double *matrix, double *right, size_t n) {
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(matrix[i * n + k]) > fabs(matrix[best * n + k]))
                best = i;
        double *top = &matrix[k * n], *other = &matrix[best * n], kept = right[k];
        right[k] = right[best], right[best] = kept;
        for (size_t j = k; j < n && best != k; j++)
            kept = top[j], top[j] = other[j], other[j] = kept;
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

/* Adds what the unknowns stand for to the impulses. */
static void take_solution(art_problem *problem) {
    const double *x = problem->right;
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        double *f = &problem->impulse[unit->row];
        size_t count = unknown_count(unit);
        if (unit->mode == ART_SLIDE) {
            double across = count == 2 ? x[1] : 0, along = -unit->friction * x[0];
            f[0] = x[0];
            f[1] = along * unit->slide[0] - across * unit->slide[1];
            if (count == 2)
                f[2] = along * unit->slide[1] + across * unit->slide[0];
        } else {
            memcpy(f, x, count * sizeof *f);
        }
        x += count;
    }
    phys_art_set_velocities(problem);
}

/* Impulses and velocities for the modes as they are. False, and nothing done, where there are too many rows
 * to solve at once, or all solutions of this problem have taken long enough. */
bool phys_art_solve_modes(art_problem *problem) {
    double count_of_all = 0;
    for (size_t i = 0; i < problem->unit_count; i++)
        count_of_all += (double)unknown_count(&problem->units[i]);
    problem->work += count_of_all * count_of_all * count_of_all / 3 + 1e3;
    if (count_of_all > ART_HELD_LIMIT || problem->work > ART_MOST_WORK)
        return false;
    size_t count = clear_impulses(problem);
    set_equations(problem, count);
    eliminate(problem->matrix, problem->right, count);
    take_solution(problem);
    return true;
}
