/* SPDX-License-Identifier: MIT */
/* What the files of CPhysics share: the compiled world. ODE appears here and in the .c files only. */
#ifndef PHYSICS_INTERNAL_H
#define PHYSICS_INTERNAL_H

#include "CPhysics.h"
#include "vectors.h"

#include <math.h>
#include <ode/ode.h>

#if !defined(dDOUBLE)
#error "CPhysics needs ODE in double precision"
#endif

enum {
    PAIR_CONTACTS = 8,    /* contacts of one pair of geoms */
    WORLD_CONTACTS = 512, /* contacts of a world in one substep; further ones, in pair order, are left out */
    HULL_FACES = 2 * PHYS_MAX_HULL_POINTS - 4,
    HULL_EDGES = 3 * PHYS_MAX_HULL_POINTS - 6,
    HULL_CANDIDATES = 2 * PHYS_MAX_HULL_POINTS, /* points of two shapes before some are kept */
    BODY_STATE_COUNT = 25 /* position 3, quaternion 4, rotation 12, velocities 6 */
};

#define MAX_PLACE 1e6       /* m: farther from the origin is diverged */
#define MOBILITY_RANGE 1e11 /* see mobility.c */
/* What ODE needs to hold a joint together: the share of its drift that a substep takes off, and a softness so
 * small (s/kg) that it only keeps equations solvable where rows say the same thing twice. */
#define BEARING_ERP 0.8
#define ROW_CFM 1e-8
#define MAX_EFFORT 1e9 /* N m, N: the largest command, gain or force */

/* A link and its ODE body. The body's frame has its origin in the centre of mass and, in the zero
 * configuration, the axes of ODE's world; so a body's quaternion is the link's rotation since then. */
typedef struct {
    phys_link_def def;
    dBodyID body;
    double zero_com[3];        /* centre of mass at the zero configuration, ODE's frame */
    double zero_quaternion[4]; /* orientation of the link's frame at the zero configuration, caller's frame */
    double com_in_world_axes[3]; /* from the link's origin to its centre of mass at the zero configuration,
                                    caller's frame */
    dMass mass;                  /* in the body's frame, at scale 1 */
    double
        tumbling;  /* the largest of (Ia - Ib) / Ic: how fast a free body's axis moves, beside its turning */
    int32_t joint; /* the joint whose child it is, or -1 */
    double inertia[36], mobility[36]; /* articulated inertia and its inverse as felt; see joint_mobility.c */
    bool has_mobility;                /* where the inertias are measured */
    /* Pointers into the body; they stay where they are while the body lives. */
    const dReal *x, *q, *r, *v, *w;
} phys_link;

/* A joint and its ODE joints. Anchor and axis are at the zero configuration in ODE's frame. */
typedef struct {
    phys_joint_def def;
    double axis[3];
    double
        from_parent[3];   /* parent's centre of mass to the anchor (sliders: to the child's centre of mass) */
    double from_child[3]; /* child's centre of mass to the anchor */
    dJointID bearing;     /* hinge (with the implicit row), slider or fixed joint */
    dJointID motor;       /* AMotor or LMotor: implicit row (sliders), servo row, dry friction row; or null */
    dJointID stops;       /* AMotor with a one-sided row per stop (hinges with stops); or null */
    dJointFeedback bearing_force, motor_force, stop_force;
    double longest_slide; /* distance of a slider's centres of mass at which its lever gets out of range */
    double command;       /* of the current step call, drive scale applied */
    double motion[6], force[6], inertia;          /* see joint_mobility.c */
    double known_force[3], known_torque[3];       /* on the child in the current substep, without a row */
    bool is_servo_merged;                         /* the servo shares the implicit row */
    double servo_gain, servo_target, servo_limit; /* the servo row of the current substep */
    double own_effort; /* of drive, spring and damper at the current state */
} phys_joint;

/* A convex hull in its geom's own frame. */
typedef struct {
    unsigned count, face_count;
    double points[3 * PHYS_MAX_HULL_POINTS];
    double planes[4 * HULL_FACES]; /* outward normal, and the distance along it, of each triangle */
    double middle[3];              /* the mean of the points, which is inside */
    double radius;                 /* of the sphere around the frame's origin that holds it */
    double thickness, inner_radius; /* the smallest extent; from the middle to the nearest face */
    unsigned edge_count;
    unsigned char edges[2 * HULL_EDGES]; /* the ends of what is no line within a face */
} phys_hull;

typedef struct {
    phys_geom_def def; /* without the arrays of a hull; with the heights of a field, which are the caller's */
    phys_hull *hull;   /* of a hull; null for other shapes */
    dGeomID geom;
    double offset[3]; /* centre from the link's centre of mass, body frame; static: place in ODE's world */
    double normal[3]; /* of a plane; upwards in a height field */
    double highest;   /* of a height field: along its normal, from its center */
    double radius;    /* of the sphere around the centre that holds the shape */
    double thickness; /* the smallest extent; infinite for a plane */
    double turn[12];  /* rotation from the geom's axes to those of the link's body (static: of the world) */
    /* Where it is; of those on links, `phys_find_contacts` brings it up to date. ODE's frame, 3x4 rows. */
    double center[3], rotation[12];
} phys_geom;

/* Two geoms in the order that dCollide gets them: the first is on a link. */
typedef struct {
    int32_t first, second;
    double friction, restitution;
} phys_pair;

/* Where two geoms touch, or may touch within the coming step. */
typedef struct {
    int32_t first, second; /* geoms; the first is on a link */
    double point[3];       /* between the two surfaces, ODE's frame */
    double normal[3];      /* from the second to the first, of length one */
    double gap;            /* between the surfaces along the normal, m; negative: depth */
    double friction, restitution;
} phys_contact_point;

/* The law of a one-sided row: v' + mixing f >= target and f >= -pull, one of them with equality. v' is the
 * speed apart (off the stop) after the step, m/s; f the force, N; mixing in s/kg. Contacts have pull 0. So a
 * pull is the same as a known force -pull and a row of its own for the rest f + pull >= 0, with target +
 * mixing pull. */
typedef struct {
    double target, mixing, pull;
} phys_row_law;

/* A speed along a row before the step, and after it were there no contacts and stops. */
typedef struct {
    double before, after;
} phys_approach;

typedef struct {
    int32_t first, second;
    double point[3]; /* ODE's frame */
    dJointFeedback force;
} phys_contact;

struct phys_world {
    phys_world_def def; /* without arrays */
    size_t link_count, joint_count, geom_count, pair_count;
    size_t robot_link_count; /* of the links; those after it are objects */
    phys_link *links;
    phys_joint *joints;
    phys_geom *geoms;
    phys_pair *pairs;
    int32_t *order; /* links so that each comes after its parent and before its own subtree (depth first) */
    int32_t *rank;  /* inverse of `order` */
    int32_t *subtree_size; /* of a link, itself included */
    bool is_planar;
    bool is_flat; /* everything moves in the x-y plane of ODE's frame */
    double plane_y;    /* y of the plane of a planar base, caller's frame */
    double gravity[3]; /* ODE's frame */
    double unit;     /* ODE's masses and forces are the caller's times this, a power of two; see mobility.c */
    double mobility; /* the largest, caller's units */
    double least_cfm; /* below which equations might not be solvable, caller's units */
    uint64_t def_hash;

    dWorldID ode;
    dThreadingImplementationID threading;
    dJointGroupID contact_group;
    phys_contact *contacts;
    size_t contact_count;
    phys_contact_point *points;
    size_t point_count;

    bool is_diverged;
    bool has_external_force, has_link_wrench;
    bool has_limited_servo;
    bool has_geom_force; /* of the last substep */
    bool leaves_out_joint_forces;
    bool has_inertias;     /* of joint_mobility.c, in this substep */
    bool is_splitting;     /* servos have rows of their own in this attempt at a substep */
    double *attempt;       /* bodies and joints as they were before it */
    /* All numbers that change, beside the bodies': one block, so that saving is one copy. */
    double *state;
    size_t state_count;
    double *joint_position, *joint_velocity, *joint_effort, *joint_force, *joint_torque;
    double *geom_force, *geom_mean_force;
    double *mass_scale, *friction_scale, *drive_scale;
    double *contact_time_constant;
    double *external_force, *external_torque;
    double *link_wrench; /* 6 a link: force, torque, along the axes of its body */
    struct phys_articulated *articulated; /* of the articulated solver; null with ODE's */
};

/* guard.c */
bool phys_guard(void (*call)(void *context), void *context);
bool phys_prepare_ode(void);

/* checks.c */
typedef struct {
    char *text;
    phys_status status;
} phys_report;
bool phys_refuse(phys_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool phys_is_vector(const double *v, int count, double bound);
bool phys_is_orientation(const double *q);

/* joint_check.c, geom_check.c; definition_check.c, which calls them, is public only */
bool phys_check_geoms(const phys_world_def *def, phys_report *report);
bool phys_check_joints(const phys_world_def *def, phys_report *report);
bool phys_check_tree(const phys_world_def *def, phys_report *report);
bool phys_is_massless(const phys_world_def *def, size_t link);
size_t phys_robot_link_count(const phys_world_def *def);

/* couplings.c: joints that follow others */
bool phys_follows(const phys_joint_def *joint);
phys_joint_def phys_with_followers(const phys_joint_def *joints, size_t count, size_t leader);
void phys_merge_followers(phys_world *world);

/* mobility.c */
bool phys_check_mobility(const phys_world_def *def, phys_report *report);
void phys_choose_units(phys_world *world, const phys_world_def *def);
void phys_principal_moments(const double *inertia, double *low, double *high);

/* tables.c, hash.c, world.c */
bool phys_build_tables(phys_world *world, const phys_world_def *def);
uint64_t phys_hash(uint64_t hash, const void *bytes, size_t count);
uint64_t phys_hash_def(const phys_world_def *def);
void phys_apply_mass_scale(phys_world *world, size_t link);

/* kinematics.c: bodies; placement.c is public only */
void phys_set_zero_configuration(phys_world *world);
void phys_set_body(phys_link *link, const double *x, const double *q, const double *v, const double *w);
void phys_to_ode(const phys_world *world, const double *v, double *out);
void phys_from_ode(const phys_world *world, const double *v, double *out);
void phys_point_to_ode(const phys_world *world, const double *p, double *out);
void phys_point_from_ode(const phys_world *world, const double *p, double *out);
void phys_measure_joints(phys_world *world, double elapsed);
void phys_project_base(phys_world *world);
void phys_clip_velocities(phys_world *world);
bool phys_is_in_bounds(const phys_world *world);
void phys_get_raw_body(const phys_link *link, double *body);
void phys_set_raw_body(phys_link *link, const double *body);
void phys_forget_forces(phys_world *world);

/* softness.c: how contacts and stops give way. `v`: speed apart (off the stop) before the step. `mobility`:
 * the row's element of J M^-1 J', 1/kg, of all that moves with it. `fall`: what gravity accelerates the two
 * apart. `free_speed`: off the stop after the step, were the stop not there. */
phys_row_law phys_contact_law(const phys_world *world, const phys_contact_point *point, double v, double fall,
                              double mobility);
phys_row_law phys_stop_law(const phys_world *world, const phys_joint *joint, double distance, double v,
                           double free_speed, double mobility);
/* The rest of the step after a gap has closed at the speed `v`; 0 where it does not. */
double phys_rest_of_step(double h, double gap, double v);
void phys_fit_to_ode(const phys_world *world, double v, phys_row_law *law);

/* convex.c: the convex law of contacts and stops. `way`: along the row. */
phys_row_law phys_convex_contact_law(const phys_world *world, const phys_contact_point *point,
                                     const phys_approach *normal, const phys_approach *way, double mobility);
phys_row_law phys_convex_stop_law(const phys_world *world, double distance, const phys_approach *way,
                                  double mobility);

/* joint_mobility.c: J M^-1 J' of joints and contacts where all joints are free, at the links' poses of now.
 */
double phys_joint_mobility(phys_world *world, const phys_joint *joint);
double phys_most_mobile(const phys_world *world, double armature);
double phys_contact_mobility(phys_world *world, const phys_contact_point *point);
bool phys_is_flat(const phys_world *world);

/* gyroscope.c */
void phys_add_gyroscopic_torque(const phys_world *world, size_t link);

/* find_contacts.c: fills world->points from the poses and velocities of the links, in the order of the pairs.
 * Reads link->x, r, v, w only. May call ODE's collider: under the guard. */
void phys_find_contacts(phys_world *world);
void phys_place_geom(const phys_world *world, phys_geom *geom);
void phys_point_velocity(const phys_world *world, const phys_geom *geom, const double *point, double *out);

/* pushes.c: what the caller does to links */
void phys_read_push(const phys_world *world, size_t link, double *force, double *torque);
bool phys_has_pushes(const phys_world *world);
void phys_forget_pushes(phys_world *world);

/* contacts.c */
void phys_make_contacts(phys_world *world);
void phys_collect_contact_forces(phys_world *world);

/* contact_reading.c: what cannot be read any more, since bodies were put elsewhere. */
void phys_forget_contacts(phys_world *world);

/* rows.c, stops.c, joint_forces.c */
void phys_set_rows(phys_world *world, phys_joint *joint, size_t index);
void phys_add_effort(const phys_world *world, phys_joint *joint, double effort);
void phys_set_stops(phys_world *world, phys_joint *joint, size_t index);
void phys_set_feedback(phys_world *world, bool is_on);
void phys_collect_joint_forces(phys_world *world);
bool phys_is_servo_over(const phys_world *world);

/* articulated_tree.c, articulated_pose.c, articulated_step.c: the other solver */
bool phys_art_build(phys_world *world);
void phys_art_free(phys_world *world);
bool phys_art_is_solvable(phys_world *world);
void phys_art_set_root(phys_world *world, size_t link, const double *x, const double *q, const double *v,
                       const double *w);
void phys_art_pose(phys_world *world);
phys_status phys_art_substep(phys_world *world, bool is_last);

#include "shapes.h"

#endif
