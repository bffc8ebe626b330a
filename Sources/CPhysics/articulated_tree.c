/* SPDX-License-Identifier: MIT */
/* The articulated solver's part of a world: one block of memory, and the tree that never changes. */
#include "articulated.h"

#include <stdlib.h>
#include <string.h>

/* Hands out pieces of one block; with no block it only counts. */
typedef struct {
    char *block;
    size_t used;
} art_arena;

static void *take(art_arena *arena, size_t count, size_t size) {
    void *piece = arena->block == NULL ? NULL : arena->block + arena->used;
    arena->used += (count * size + 63) / 64 * 64;
    return piece;
}

static void count_rows(const phys_world *world, phys_articulated *art) {
    size_t contacts = world->pair_count * PAIR_CONTACTS, rows = 0;
    art->contact_limit = contacts < WORLD_CONTACTS ? contacts : WORLD_CONTACTS;
    for (size_t n = 0; n < world->joint_count; n++) {
        const phys_joint_def *def = &world->joints[n].def;
        if (def->kind == PHYS_JOINT_FIXED)
            continue;
        rows += (def->lower > -INFINITY) + (def->upper < INFINITY) + (def->dry_friction > 0) +
                (def->drive == PHYS_DRIVE_POSITION || def->drive == PHYS_DRIVE_VELOCITY);
    }
    art->row_limit = (world->def.contact_law == PHYS_LAW_CONVEX ? 4 : 3) * art->contact_limit + rows;
}

static void share_problem(art_arena *arena, art_problem *problem, size_t rows) {
    size_t held = rows < ART_HELD_LIMIT ? rows : ART_HELD_LIMIT;
    problem->units = take(arena, rows, sizeof *problem->units);
    problem->kept = take(arena, rows, sizeof *problem->kept);
    problem->b = take(arena, rows, sizeof(double));
    problem->impulse = take(arena, rows, sizeof(double));
    problem->velocity = take(arena, rows, sizeof(double));
    problem->best = take(arena, rows, sizeof(double));
    problem->column = take(arena, rows, sizeof(double));
    problem->kept_impulse = take(arena, rows, sizeof(double));
    problem->diagonal = take(arena, rows, sizeof(double));
    problem->right = take(arena, held, sizeof(double));
    problem->matrix = take(arena, held * held, sizeof(double));
    problem->a = take(arena, rows * rows, sizeof(double));
}

static size_t share(phys_world *world, phys_articulated *art, size_t depth, char *block) {
    art_arena arena = {block, 0};
    size_t n = art->dof_count, rows = art->row_limit;
    art->links = take(&arena, world->link_count, sizeof *art->links);
    art->dofs = take(&arena, n, sizeof *art->dofs);
    art->place_of = take(&arena, world->link_count, sizeof *art->place_of);
    art->followers = take(&arena, art->follower_count, sizeof *art->followers);
    art->follower_axes = take(&arena, 6 * art->follower_count, sizeof *art->follower_axes);
    art->chain = take(&arena, art->packed_count, sizeof *art->chain);
    art->mass = take(&arena, art->packed_count, sizeof(double));
    art->factor = take(&arena, art->packed_count, sizeof(double));
    double **vectors[] = {&art->root_pivot, &art->velocity, &art->start_velocity, &art->change,
                          &art->bias,       &art->effort,   &art->first_bias};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        *vectors[i] = take(&arena, n, sizeof(double));
    art->common = take(&arena, n * n, sizeof *art->common);
    art->contacts = take(&arena, art->contact_limit, sizeof *art->contacts);
    art->rows = take(&arena, rows, sizeof *art->rows);
    art->halves = take(&arena, 2 * rows * depth, sizeof(double));
    art->softness = take(&arena, rows, sizeof(double));
    share_problem(&arena, &art->problem, rows);
    return arena.used;
}

/* ---- The tree */

static void compile_dofs(phys_articulated *art, const art_order *order) {
    size_t packed = 0;
    for (size_t d = 0; d < art->dof_count; d++) {
        art_dof *dof = &art->dofs[d];
        dof->parent = order->parent[d];
        dof->depth = order->depth[d];
        dof->joint = order->joint[d];
        dof->start = packed;
        if (dof->parent >= 0)
            memcpy(&art->chain[dof->start], &art->chain[art->dofs[dof->parent].start],
                   (size_t)dof->depth * sizeof *art->chain);
        art->chain[dof->start + (size_t)dof->depth] = (int32_t)d;
        packed += (size_t)dof->depth + 1;
    }
}

/* The dofs of its tree's base or object; none where joints hang on the world. */
static void set_root(phys_articulated *art, size_t k) {
    art_link *link = &art->links[k];
    bool is_object = k >= art->robot_link_count;
    link->root_dof = is_object ? (int32_t)(art->joint_end + 6 * (k - art->robot_link_count)) : 0;
    link->root_count = is_object ? 6 : (int32_t)art->base_count;
}

static void compile_links(phys_world *world, phys_articulated *art, const art_order *order) {
    size_t followers = 0;
    for (size_t k = 0; k < world->link_count; k++) {
        art_link *link = &art->links[k];
        link->link = world->order[k];
        link->joint = world->links[link->link].joint;
        art->place_of[link->link] = (int32_t)k;
        int32_t parent = link->joint >= 0 ? world->joints[link->joint].def.parent : -1;
        link->parent = parent >= 0 ? art->place_of[parent] : -1;
        link->root = link->parent >= 0 ? art->links[link->parent].root : (int32_t)k;
        set_root(art, k);
        link->tip = link->parent >= 0 ? art->links[link->parent].tip : link->root_dof + link->root_count - 1;
        link->dof = link->joint >= 0 ? order->dof_of[link->joint] : -1;
        if (link->dof < 0)
            continue;
        link->tip = link->dof > link->tip ? link->dof : link->tip;
        link->axis = art->dofs[link->dof].axis;
        if (phys_follows(&world->joints[link->joint].def)) {
            link->axis = &art->follower_axes[6 * followers];
            art->followers[followers++] = link->joint;
        }
    }
}

static void compile_common(phys_articulated *art) {
    size_t n = art->dof_count;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            const int32_t *one = &art->chain[art->dofs[a].start], *two = &art->chain[art->dofs[b].start];
            int32_t shared = 0;
            while (shared <= art->dofs[a].depth && shared <= art->dofs[b].depth && one[shared] == two[shared])
                shared++;
            art->common[a * n + b] = shared;
        }
}

static void point_at_bodies(phys_world *world, phys_articulated *art) {
    for (size_t k = 0; k < world->link_count; k++) {
        art_link *body = &art->links[k];
        phys_link *link = &world->links[body->link];
        link->x = body->x, link->q = body->q, link->r = body->r, link->v = body->v, link->w = body->w;
    }
}

/* False when memory is exhausted. */
bool phys_art_build(phys_world *world) {
    phys_articulated *art = calloc(1, sizeof *art);
    if (art == NULL)
        return false;
    world->articulated = art;
    art->link_count = world->link_count;
    art->robot_link_count = world->robot_link_count;
    art->base_count = world->def.base == PHYS_BASE_FIXED ? 0 : world->is_planar ? 3 : 6;
    art_order order;
    phys_art_order(world, (int32_t)art->base_count, &order);
    art->dof_count = (size_t)order.count;
    art->joint_end = (size_t)order.robot_count;
    art->packed_count = order.packed_count;
    for (size_t n = 0; n < world->joint_count; n++)
        art->follower_count += phys_follows(&world->joints[n].def);
    count_rows(world, art);
    size_t size = share(world, art, (size_t)order.deepest, NULL);
    art->memory = calloc(size + 64, 1);
    if (art->memory == NULL)
        return false;
    share(world, art, (size_t)order.deepest, (char *)art->memory + (64 - (uintptr_t)art->memory % 64) % 64);
    compile_dofs(art, &order);
    compile_links(world, art, &order);
    compile_common(art);
    point_at_bodies(world, art);
    return true;
}

void phys_art_free(phys_world *world) {
    if (world->articulated == NULL)
        return;
    free(world->articulated->memory);
    free(world->articulated);
    world->articulated = NULL;
}
