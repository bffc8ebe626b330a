/* SPDX-License-Identifier: MIT */
/* The contacts of the listed pairs, in the order of the list: also those that may come about within the
 * coming step, so that nothing passes what it would have touched. */
#include "physics_internal.h"

#include <string.h>

/* Brings the place of a geom on a link up to date. */
void phys_place_geom(const phys_world *world, phys_geom *geom) {
    if (geom->def.link < 0)
        return;
    const phys_link *link = &world->links[geom->def.link];
    r_rotate(link->r, geom->offset, geom->center);
    v3_add_scaled(geom->center, 1, link->x);
    if (geom->def.shape == PHYS_SHAPE_SPHERE)
        return;
    for (int row = 0; row < 3; row++)
        for (int axis = 0; axis < 3; axis++)
            geom->rotation[4 * row + axis] = link->r[4 * row] * geom->turn[axis] +
                                             link->r[4 * row + 1] * geom->turn[4 + axis] +
                                             link->r[4 * row + 2] * geom->turn[8 + axis];
}

static void place_geoms(phys_world *world) {
    for (size_t n = 0; n < world->geom_count; n++)
        phys_place_geom(world, &world->geoms[n]);
}

/* The velocity of a point of a geom's link; 0 for those that stand still. */
void phys_point_velocity(const phys_world *world, const phys_geom *geom, const double *point, double *out) {
    memset(out, 0, 3 * sizeof *out);
    if (geom->def.link < 0)
        return;
    const phys_link *link = &world->links[geom->def.link];
    double arm[3];
    v3_sub(point, link->x, arm);
    v3_cross(link->w, arm, out);
    v3_add_scaled(out, 1, link->v);
}

static double turning_speed(const phys_world *world, const phys_geom *geom) {
    if (geom->def.link < 0)
        return 0;
    const phys_link *link = &world->links[geom->def.link];
    return geom->radius * sqrt(v3_dot(link->w, link->w));
}

/* A step covers this much at a speed, with half again and a little for what changes the speed meanwhile. */
static double reach_of(const phys_world *world, double speed, double thickness) {
    double h = world->def.time_step, gravity = sqrt(v3_dot(world->gravity, world->gravity));
    return 1.5 * h * fmax(speed, 0) + 2 * h * h * gravity + fmin(0.001, thickness / 20);
}

typedef struct {
    phys_geom *first, *second;
    double velocity[3]; /* of the first's centre against the second's */
    double speed;       /* the largest that any of their points close in at */
    double thickness;
} meeting;

/* Whether the spheres around two geoms (or the sphere and the plane) may touch within the step. */
static bool can_touch(const phys_world *world, meeting *m) {
    double other[3], apart[3];
    phys_point_velocity(world, m->first, m->first->center, m->velocity);
    phys_point_velocity(world, m->second, m->second->center, other);
    v3_add_scaled(m->velocity, -1, other);
    v3_sub(m->first->center, m->second->center, apart);
    m->thickness = fmin(m->first->thickness, m->second->thickness);
    double turning = turning_speed(world, m->first) + turning_speed(world, m->second);
    if (m->second->def.shape == PHYS_SHAPE_PLANE) {
        m->speed = turning - v3_dot(m->second->normal, m->velocity);
        return v3_dot(m->second->normal, apart) <=
               m->first->radius + world->def.contact_margin + reach_of(world, m->speed, m->thickness);
    }
    m->speed = turning + sqrt(v3_dot(m->velocity, m->velocity));
    if (m->second->def.shape == PHYS_SHAPE_FIELD)
        return v3_dot(m->second->normal, apart) <= m->second->highest + m->first->radius +
                                                       world->def.contact_margin +
                                                       reach_of(world, m->speed, m->thickness);
    double reach = m->first->radius + m->second->radius + world->def.contact_margin +
                   reach_of(world, m->speed, m->thickness);
    return v3_dot(apart, apart) <= reach * reach;
}

static bool is_round(const phys_geom *geom) {
    return geom->def.shape == PHYS_SHAPE_SPHERE || geom->def.shape == PHYS_SHAPE_CAPSULE;
}

/* ---- Boxes and cylinders among themselves, and what is round on cylinders: ODE, on geoms that are larger by
 * the margin together. */

static void set_ode_size(const phys_geom *geom, double more) {
    const double *s = geom->def.size;
    switch (geom->def.shape) {
    case PHYS_SHAPE_PLANE:
        return;
    case PHYS_SHAPE_BOX:
        dGeomBoxSetLengths(geom->geom, s[0] + 2 * more, s[1] + 2 * more, s[2] + 2 * more);
        return;
    case PHYS_SHAPE_SPHERE:
        dGeomSphereSetRadius(geom->geom, s[0] + more);
        return;
    case PHYS_SHAPE_CAPSULE:
        dGeomCapsuleSetParams(geom->geom, s[0] + more, s[1]);
        return;
    case PHYS_SHAPE_CYLINDER:
        dGeomCylinderSetParams(geom->geom, s[0] + more, s[1] + 2 * more);
        return;
    case PHYS_SHAPE_HULL:
    case PHYS_SHAPE_FIELD:
        return;
    }
}

static void set_ode_place(const phys_geom *geom, const double *center) {
    dMatrix3 rotation;
    memcpy(rotation, geom->rotation, sizeof geom->rotation);
    dGeomSetRotation(geom->geom, rotation);
    dGeomSetPosition(geom->geom, center[0], center[1], center[2]);
}

/* The first geom is put `ahead` seconds along its way; the gaps are those of now. */
static int collide_ahead(const meeting *m, double margin, double ahead, phys_contact_point *out) {
    dContactGeom found[PAIR_CONTACTS];
    double center[3];
    v3_copy(m->first->center, center);
    v3_add_scaled(center, ahead, m->velocity);
    set_ode_place(m->first, center);
    int count = dCollide(m->first->geom, m->second->geom, PAIR_CONTACTS, found, sizeof found[0]), kept = 0;
    for (int k = 0; k < count; k++) {
        double length = v3_dot(found[k].normal, found[k].normal);
        if (!(fabs(length - 1) < 1e-3) || !phys_is_vector(found[k].pos, 3, 2 * MAX_PLACE) ||
            !(fabs(found[k].depth) <= MAX_PLACE))
            continue;
        double closing = ahead * v3_dot(found[k].normal, m->velocity);
        if (ahead > 0 && !(closing < 0))
            continue;
        phys_contact_point *point = &out[kept++];
        v3_copy(found[k].pos, point->point);
        v3_add_scaled(point->point, -ahead, m->velocity);
        for (int i = 0; i < 3; i++)
            point->normal[i] = found[k].normal[i] / sqrt(length);
        point->gap = margin - found[k].depth - closing;
    }
    return kept;
}

/* Fast ones are looked for along their way, in steps of half the thinner one. */
static int touch_by_ode(const phys_world *world, const meeting *m, phys_contact_point *out) {
    enum { MAX_STOPOVERS = 64 };
    double margin =
        fmin(reach_of(world, m->speed, m->thickness), m->thickness / 4) + world->def.contact_margin;
    double way = sqrt(v3_dot(m->velocity, m->velocity)) * world->def.time_step;
    int stopovers = (int)fmin(ceil(2 * way / m->thickness), MAX_STOPOVERS), count = 0;
    set_ode_size(m->first, margin / 2);
    set_ode_size(m->second, margin / 2);
    set_ode_place(m->second, m->second->center);
    for (int k = 0; k <= stopovers && count == 0; k++)
        count = collide_ahead(m, margin, stopovers > 0 ? k * world->def.time_step / stopovers : 0, out);
    return count;
}

static int touch_field(const phys_world *world, const meeting *m, phys_contact_point *out) {
    double near = fmin(reach_of(world, m->speed, m->thickness), m->thickness / 4),
           way = m->speed * world->def.time_step;
    int stopovers = way > near / 1.5 ? (int)fmin(ceil(6 * way / m->thickness), 64) : 0;
    return phys_touch_field_ahead(world, m->first, m->second, near + world->def.contact_margin, stopovers,
                                  out);
}

static int touch(const phys_world *world, const meeting *m, phys_contact_point *out) {
    double margin = reach_of(world, m->speed, m->thickness) + world->def.contact_margin;
    if (m->second->def.shape == PHYS_SHAPE_PLANE)
        return phys_touch_plane(m->first, m->second, margin, out);
    if (m->second->def.shape == PHYS_SHAPE_FIELD)
        return touch_field(world, m, out);
    if (m->first->hull != NULL || m->second->hull != NULL)
        return phys_touch_hull(m->first, m->second, margin, out);
    if (is_round(m->first) && is_round(m->second))
        return phys_touch_round(m->first, m->second, margin, out);
    if (is_round(m->first) && m->second->def.shape == PHYS_SHAPE_BOX)
        return phys_touch_box(m->first, m->second, 1, margin, out);
    if (is_round(m->second) && m->first->def.shape == PHYS_SHAPE_BOX)
        return phys_touch_box(m->second, m->first, -1, margin, out);
    return touch_by_ode(world, m, out);
}

/* The pair's margin is for its fastest point; each point need only be within what it may cover itself. */
static bool is_near(const phys_world *world, const meeting *m, const phys_contact_point *point) {
    double first[3], second[3];
    if (point->gap <= 0)
        return true;
    phys_point_velocity(world, m->first, point->point, first);
    phys_point_velocity(world, m->second, point->point, second);
    double closing = v3_dot(point->normal, second) - v3_dot(point->normal, first);
    return point->gap < world->def.contact_margin + reach_of(world, closing, m->thickness);
}

/* The points of one pair at the end of the list, as far as there is room. */
static void find_pair(phys_world *world, const phys_pair *pair) {
    meeting m = {&world->geoms[pair->first], &world->geoms[pair->second], {0, 0, 0}, 0, 0};
    if (!can_touch(world, &m))
        return;
    phys_contact_point found[PAIR_CONTACTS];
    int count = touch(world, &m, found);
    size_t first = world->point_count;
    double friction =
        pair->friction * world->friction_scale[pair->first] * world->friction_scale[pair->second];
    for (int k = 0; k < count && world->point_count < WORLD_CONTACTS; k++) {
        if (!is_near(world, &m, &found[k]))
            continue;
        phys_contact_point *point = &world->points[world->point_count++];
        *point = found[k];
        point->gap -= world->def.contact_margin;
        point->first = pair->first;
        point->second = pair->second;
        point->friction = friction;
        point->restitution = pair->restitution;
    }
    if (m.second->def.shape == PHYS_SHAPE_FIELD)
        phys_loosen_wedges(world->points + first, world->point_count - first);
}

void phys_find_contacts(phys_world *world) {
    world->point_count = 0;
    place_geoms(world);
    for (size_t i = 0; i < world->pair_count; i++)
        find_pair(world, &world->pairs[i]);
}

/* ---- Overlaps, for those who place robots */

typedef struct {
    phys_world *world;
    double *depths; /* of all pairs */
} overlaps;

static void find_overlaps(void *context) {
    overlaps *found = context;
    phys_world *world = found->world;
    place_geoms(world);
    for (size_t i = 0; i < world->pair_count; i++) {
        world->point_count = 0;
        find_pair(world, &world->pairs[i]);
        found->depths[i] = 0;
        for (size_t k = 0; k < world->point_count; k++)
            found->depths[i] = fmax(found->depths[i], -world->points[k].gap - world->def.contact_margin);
    }
    world->point_count = 0;
}

phys_status phys_world_overlaps(phys_world *world, double *depths, size_t pair_count) {
    if (world == NULL || depths == NULL || pair_count != world->pair_count)
        return PHYS_INVALID_ARGUMENT;
    if (world->is_diverged)
        return PHYS_DIVERGED;
    phys_prepare_ode(); /* this thread may be another one than the maker's */
    overlaps found = {world, depths};
    return phys_guard(find_overlaps, &found) ? PHYS_OK : PHYS_DIVERGED;
}

phys_status phys_world_deepest_overlap(phys_world *world, size_t *pair, double *depth) {
    double depths[PHYS_MAX_PAIRS];
    if (world == NULL || pair == NULL || depth == NULL)
        return PHYS_INVALID_ARGUMENT;
    phys_status status = phys_world_overlaps(world, depths, world->pair_count);
    if (status != PHYS_OK)
        return status;
    *pair = world->pair_count;
    *depth = 0;
    for (size_t i = 0; i < world->pair_count; i++)
        if (depths[i] > *depth) {
            *depth = depths[i];
            *pair = i;
        }
    return PHYS_OK;
}
