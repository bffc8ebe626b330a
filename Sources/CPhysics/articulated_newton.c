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

/* What unknown i of a unit stands for, in its own rows. `is_effect`: as impulses; else as the velocity that
 * is to vanish. */
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
    phys_art_set_velocities(problem);
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

static void swap(double *a, double *b, size_t count) {
    for (size_t i = 0; i < count; i++) {
        double kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/* Gaussian elimination with row pivoting, in place; `right` has `width` columns. */
static void eliminate(double *matrix, double *right, size_t n, size_t width) {
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(matrix[i * n + k]) > fabs(matrix[best * n + k]))
                best = i;
        if (best != k) {
            swap(&matrix[k * n + k], &matrix[best * n + k], n - k);
            swap(&right[k * width], &right[best * width], width);
        }
        const double *top = &matrix[k * n];
        double inverse = 1 / top[k];
        for (size_t i = k + 1; i < n; i++) {
            double *row = &matrix[i * n], share = row[k] * inverse;
            if (share == 0)
                continue;
            for (size_t j = k + 1; j < n; j++)
                row[j] -= share * top[j];
            for (size_t c = 0; c < width; c++)
                right[i * width + c] -= share * right[k * width + c];
        }
    }
    for (size_t k = n; k-- > 0;)
        for (size_t c = 0; c < width; c++) {
            for (size_t j = k + 1; j < n; j++)
                right[k * width + c] -= matrix[k * n + j] * right[j * width + c];
            right[k * width + c] /= matrix[k * n + k];
        }
}

/* Impulses and velocities for the modes as they are. False where there are too many rows to solve at once. */
bool phys_art_solve_modes(art_problem *problem) {
    size_t count = set_equations(problem), next = 0;
    if (count > ART_HELD_LIMIT)
        return false;
    eliminate(problem->matrix, problem->right, count, 1);
    double direction[3];
    for (size_t i = 0; i < problem->unit_count; i++) {
        const art_unit *unit = &problem->units[i];
        for (size_t k = 0; k < unknown_count(unit); k++, next++) {
            direction_of(unit, k, true, direction);
            for (int j = 0; j <= unit->tangents; j++)
                problem->impulse[unit->row + j] += direction[j] * problem->right[next];
        }
    }
    phys_art_set_velocities(problem);
    return true;
}
