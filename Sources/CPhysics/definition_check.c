/* SPDX-License-Identifier: MIT */
/* Defaults, and the check of everything that is not a joint or a geom. */
#include "physics_internal.h"

#include <string.h>

#define COOKIE 0x53494e57u

phys_link_def phys_link_default_def(void) {
    phys_link_def def;
    memset(&def, 0, sizeof def);
    def.mass = 1;
    def.inertia[0] = def.inertia[1] = def.inertia[2] = 0.1;
    def.quaternion[0] = 1;
    return def;
}

phys_joint_def phys_joint_default_def(void) {
    phys_joint_def def;
    memset(&def, 0, sizeof def);
    def.kind = PHYS_JOINT_HINGE;
    def.parent = -1;
    def.axis[2] = 1;
    def.lower = -INFINITY;
    def.upper = INFINITY;
    def.velocity_limit = INFINITY;
    def.effort_limit = INFINITY;
    def.leader = -1;
    def.ratio = 1;
    return def;
}

phys_geom_def phys_geom_default_def(void) {
    phys_geom_def def;
    memset(&def, 0, sizeof def);
    def.shape = PHYS_SHAPE_PLANE;
    def.link = -1;
    def.quaternion[0] = 1;
    return def;
}

phys_world_def phys_world_default_def(void) {
    phys_world_def def;
    memset(&def, 0, sizeof def);
    def.time_step = 0.001;
    def.gravity[2] = -9.81;
    def.solver = PHYS_SOLVER_ODE;
    def.contact_time_constant = def.stop_time_constant = 0.02;
    def.contact_damping_ratio = def.stop_damping_ratio = 1;
    def.contact_impedance = def.stop_impedance = 1;
    def.max_linear_speed = 1e3;
    def.max_angular_speed = 1e4;
    def.base = PHYS_BASE_FIXED;
    def.cookie = COOKIE;
    return def;
}

static bool is_within(double value, double low, double high) {
    return value >= low && value <= high;
}

static bool check_number(phys_report *report, const char *name, double value, double low, double high) {
    if (is_within(value, low, high))
        return true;
    return phys_refuse(report, "%s: %g must be between %g and %g", name, value, low, high);
}

static bool check_law(phys_report *report, const char *name, phys_law law, phys_solver solver) {
    if ((int)law < PHYS_LAW_EXACT || (int)law > PHYS_LAW_CONVEX)
        return phys_refuse(report, "%s: %d must be exact (0) or convex (1)", name, (int)law);
    if (law == PHYS_LAW_CONVEX && solver == PHYS_SOLVER_ODE)
        return phys_refuse(
            report, "%s: the convex law is of the articulated solver; ODE's friction is its own", name);
    return true;
}

static bool check_laws(const phys_world_def *def, phys_report *report) {
    return check_law(report, "contact_law", def->contact_law, def->solver) &&
           check_law(report, "stop_law", def->stop_law, def->solver);
}

static bool check_settings(const phys_world_def *def, phys_report *report) {
    if (!phys_is_vector(def->gravity, 3, 1e4))
        return phys_refuse(report, "gravity: (%g, %g, %g) must be within 1e4 m/s2", def->gravity[0],
                           def->gravity[1], def->gravity[2]);
    if ((int)def->base < PHYS_BASE_FIXED || (int)def->base > PHYS_BASE_FLOATING)
        return phys_refuse(report, "base: %d must be fixed (0), planar (1) or floating (2)", (int)def->base);
    if (def->base == PHYS_BASE_PLANAR && def->gravity[1] != 0)
        return phys_refuse(report, "gravity[1]: %g must be 0 for a planar base", def->gravity[1]);
    if ((int)def->solver < PHYS_SOLVER_ODE || (int)def->solver > PHYS_SOLVER_ARTICULATED)
        return phys_refuse(report, "solver: %d must be ode (0) or articulated (1)", (int)def->solver);
    return check_laws(def, report) && check_number(report, "time_step", def->time_step, 1e-6, 0.1) &&
           check_number(report, "contact_time_constant", def->contact_time_constant, 1e-6, 100) &&
           check_number(report, "contact_damping_ratio", def->contact_damping_ratio, 0.01, 100) &&
           check_number(report, "contact_impedance", def->contact_impedance, 0, 1) &&
           check_number(report, "contact_margin", def->contact_margin, 0, 1) &&
           check_number(report, "stop_time_constant", def->stop_time_constant, 1e-6, 100) &&
           check_number(report, "stop_damping_ratio", def->stop_damping_ratio, 0.01, 100) &&
           check_number(report, "stop_impedance", def->stop_impedance, 0, 1) &&
           check_number(report, "max_linear_speed", def->max_linear_speed, 1e-3, 1e6) &&
           check_number(report, "max_angular_speed", def->max_angular_speed, 1e-3, 1e6);
}

static bool check_counts(const phys_world_def *def, phys_report *report) {
    if (def->link_count < 1 || def->link_count > PHYS_MAX_LINKS)
        return phys_refuse(report, "links: there are %zu, there must be 1 to %d", def->link_count,
                           PHYS_MAX_LINKS);
    if (def->object_count >= def->link_count || def->object_count > PHYS_MAX_OBJECTS)
        return phys_refuse(report,
                           "objects: there are %zu, there must be fewer than links, %zu, and at most %d",
                           def->object_count, def->link_count, PHYS_MAX_OBJECTS);
    size_t joints = phys_robot_link_count(def) - (def->base == PHYS_BASE_FIXED ? 0 : 1);
    if (def->joint_count != joints)
        return phys_refuse(report, "joints: there are %zu, %zu links on this base need %zu", def->joint_count,
                           phys_robot_link_count(def), joints);
    if (def->geom_count > PHYS_MAX_GEOMS)
        return phys_refuse(report, "geoms: there are %zu, more than %d", def->geom_count, PHYS_MAX_GEOMS);
    if (def->pair_count > PHYS_MAX_PAIRS)
        return phys_refuse(report, "pairs: there are %zu, more than %d", def->pair_count, PHYS_MAX_PAIRS);
    if (def->links == NULL || (def->joints == NULL && def->joint_count > 0) ||
        (def->geoms == NULL && def->geom_count > 0) || (def->pairs == NULL && def->pair_count > 0))
        return phys_refuse(report, "links, joints, geoms, pairs: an array with a count above 0 is null");
    return true;
}

static bool check_inertia(const phys_link_def *link, size_t n, phys_report *report) {
    if (!phys_is_vector(link->inertia, 6, 1e14))
        return phys_refuse(report,
                           "links[%zu].inertia: each component must be a finite number below 1e14 kg m2", n);
    double low, high;
    phys_principal_moments(link->inertia, &low, &high);
    if (!(low > 0))
        return phys_refuse(
            report,
            "links[%zu].inertia: must be positive definite; its smallest principal moment is %g kg m2", n,
            low);
    if (!(low >= 1e-12 * link->mass) || !(high <= 1e8 * link->mass))
        return phys_refuse(
            report,
            "links[%zu].inertia: principal moments %g and %g kg m2 do not fit a mass of %g kg; the radius of "
            "gyration must be between 1e-6 and 1e4 m",
            n, low, high, link->mass);
    if (!(high <= 1e8 * low))
        return phys_refuse(
            report, "links[%zu].inertia: principal moments %g and %g kg m2 differ by more than a factor 1e8",
            n, low, high);
    return true;
}

/* A link without mass only stands between joints. */
static bool check_mass(const phys_world_def *def, size_t n, phys_report *report) {
    const phys_link_def *link = &def->links[n];
    if (phys_is_massless(def, n)) {
        for (int i = 0; i < 6; i++)
            if (link->inertia[i] != 0)
                return phys_refuse(report, "links[%zu].inertia: must be 0 where the mass is 0", n);
        return true;
    }
    bool is_for_ode = link->mass == 0 && def->solver == PHYS_SOLVER_ODE;
    if (!is_within(link->mass, 1e-9, 1e6))
        return phys_refuse(report, "links[%zu].mass: %g kg must be between 1e-9 and 1e6%s", n, link->mass,
                           is_for_ode ? ", or 0 with the articulated solver" : "");
    return check_inertia(link, n, report);
}

static bool check_link(const phys_world_def *def, size_t n, phys_report *report) {
    const phys_link_def *link = &def->links[n];
    if (!phys_is_vector(link->center_of_mass, 3, 1e4))
        return phys_refuse(report, "links[%zu].center_of_mass: each component must be within 1e4 m", n);
    if (!phys_is_vector(link->position, 3, 1e4))
        return phys_refuse(report, "links[%zu].position: each component must be within 1e4 m", n);
    if (!phys_is_orientation(link->quaternion))
        return phys_refuse(report, "links[%zu].quaternion: (%g, %g, %g, %g) must have length 1", n,
                           link->quaternion[0], link->quaternion[1], link->quaternion[2],
                           link->quaternion[3]);
    return check_mass(def, n, report);
}

phys_status phys_world_check_def(const phys_world_def *def, char *error_text) {
    phys_report report = {error_text, PHYS_OK};
    if (error_text != NULL)
        error_text[0] = 0;
    if (def == NULL || def->cookie != COOKIE) {
        phys_refuse(&report, "the definition must come from phys_world_default_def");
        return PHYS_INVALID_DEFINITION;
    }
    bool is_good = check_settings(def, &report) && check_counts(def, &report);
    for (size_t i = 0; is_good && i < def->link_count; i++)
        is_good = check_link(def, i, &report);
    if (is_good)
        is_good = phys_check_joints(def, &report) && phys_check_tree(def, &report) &&
                  phys_check_geoms(def, &report) && phys_check_mobility(def, &report);
    return is_good ? PHYS_OK : report.status;
}
