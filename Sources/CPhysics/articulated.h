/* SPDX-License-Identifier: MIT */
/* What the files of the articulated solver share.
 *
 * The robot moves in its own coordinates: the base's velocity (floating: 3 angular, 3 linear of its centre of
 * mass; planar: x, y, turn about z; fixed: none) and one per hinge or slider; then come objects, each a tree
 * of its own with the velocity of a floating base. These are the degrees of freedom, "dofs", numbered so that each comes after those it hangs on. The chain of a dof is the list of
 * dofs from the root to it; its length less one is the dof's depth. Matrices over the tree are packed: row d
 * holds the entries of d's chain, root first (Featherstone 2008, ch. 6: all other entries are zero).
 *
 * Vectors are along the axes of ODE's world. Spatial ones are (angular, linear), about the origin of the
 * link's tree: the centre of mass of its base or object at the start of the substep, or for a fixed base the root link's
 * centre at the zero configuration. */
#ifndef ARTICULATED_H
#define ARTICULATED_H

#include "physics_internal.h"

enum {
    ART_HELD_LIMIT = 240, /* rows that are solved directly; more are swept only */
    ART_MAX_ROBOT_DOFS = PHYS_MAX_LINKS + 6,
    ART_MAX_DOFS = ART_MAX_ROBOT_DOFS + 5 * PHYS_MAX_OBJECTS
};
#define ART_MOST_WORK 3e7 /* multiplications for one substep's contacts, about 30 ms; then sweeps decide */
#define ART_LEAST_PIVOT 1e-12 /* of the factors, beside the diagonal that it comes from */

/* Mass, mass times centre, and inertia (xx, yy, zz, xy, xz, yz) about the origin. */
typedef struct {
    double mass, moment[3], inertia[6];
} art_inertia;

/* A link, in the order of the tree. */
typedef struct {
    int32_t link, joint, parent; /* parent: its place in the order; -1 where there is none */
    int32_t root;                /* place of the root of its tree */
    int32_t dof;                 /* that moves its own joint, or -1 */
    int32_t tip;                 /* the deepest dof that moves it, or -1 */
    int32_t root_dof, root_count; /* the dofs of its tree's base or object, and their number */
    double *axis;                /* its motion by its own joint at unit velocity of that dof */
    /* pose and velocity of the body; `phys_link` points here */
    double x[3], q[4], r[12], v[3], w[3];
    double origin[3]; /* of a root: what its tree's spatial vectors are about */
    double center[3]; /* centre of mass from the origin */
    double twist[6];  /* velocity */
    art_inertia own, composite;
    double acceleration[6], force[6]; /* of the inverse dynamics */
    double momentum[6], middle[3];    /* before a substep; centre of mass in the middle of it */
    double zero_mobility;             /* of the centre at the zero configuration, for the convex law */
} art_link;

/* An effort law of a joint: effort - gain v', with v' the velocity after the substep. */
typedef struct {
    double effort, gain;
} art_law;

/* What springs and dampers take from a substep's ends. */
typedef struct {
    double spring_before, spring_after, damper_after;
} art_weights;

/* Where a servo's law is: within the equations, a bounded row beside the contacts since it may be at its
 * effort limit, or a known effort since it is too weak for a row. */
typedef enum { ART_SERVO_INSIDE, ART_SERVO_ROW, ART_SERVO_KNOWN } art_servo_place;

typedef struct {
    int32_t parent; /* the dof it hangs on, or -1 */
    int32_t depth;
    int32_t joint;  /* -1: of a base or object; of those that move together the leader */
    size_t start;   /* of its row in the packed arrays */
    double axis[6]; /* of its joint */
    art_law servo;  /* where the joint has one */
    double zero_mobility;
    art_servo_place servo_place;
} art_dof;

/* What a row of the contact problem acts on: J is a wrench on one chain, or on two with opposite signs. */
typedef struct {
    int32_t tip[2];  /* -1: none */
    double *half[2]; /* D^-1/2 L^-T J', packed along the chain */
} art_row;

typedef enum { ART_OPEN, ART_STICK, ART_SLIDE, ART_FREE, ART_LOW, ART_HIGH } art_mode;

/* Which units that break their laws change their modes. */
typedef enum { ART_CHANGE_ALL, ART_CHANGE_WORST, ART_CHANGE_NONE } art_choice;

/* Rows that are solved together: a scalar with bounds, or a contact's normal and its one or two tangents. */
typedef struct {
    int32_t row;
    int32_t tangents; /* 0: a scalar */
    double low, high; /* of a scalar's impulse */
    double friction;  /* of a contact */
    art_mode mode, proposed;
    double fault;          /* how far from the law of its mode, as a velocity */
    double slide[2];       /* direction of the sliding velocity */
    double slip;           /* its speed */
    double normal_impulse; /* when the direction was found */
} art_unit;

/* One unit alone: its block of A and its velocities without its own impulse, [normal, tangent, tangent]. What
 * it has not is a stub. */
typedef struct {
    double b[3][3], g[3], friction;
} art_cone;

/* A x + b = w: impulses to velocities (less the targets), in units with their laws. */
typedef struct {
    size_t row_count, unit_count;
    art_unit *units;
    double *a; /* row_count x row_count, softness included */
    double *b, *impulse, *velocity;
    art_unit *kept; /* units and impulses to come back to, and the impulses that were best so far */
    double *kept_impulse, *best;
    double *diagonal; /* of `a`, while contacts are softened */
    double *column;
    double *matrix, *right; /* the equations of the rows that are held */
    double work;            /* multiplications that went into solving them */
} art_problem;

/* A contact of the substep. */
typedef struct {
    phys_contact_point found;
    int32_t row, row_count;
    double direction[4][3]; /* of the rows: normal, tangents; by the convex law the edges of a pyramid */
    double force[3];        /* on the first geom */
} art_contact;

/* The numbers of the dofs, and what each hangs on. */
typedef struct {
    int32_t count, robot_count, deepest;
    size_t packed_count;
    int32_t dof_of[PHYS_MAX_LINKS]; /* of a joint, or -1 */
    int32_t joint[ART_MAX_DOFS], parent[ART_MAX_DOFS], depth[ART_MAX_DOFS];
} art_order;

typedef struct phys_articulated {
    size_t link_count, dof_count, base_count, packed_count;
    size_t joint_end; /* dofs from base_count to this one are joints'; from there on objects' */
    size_t robot_link_count; /* links from this one on are objects */
    bool is_singular; /* a dof moved no mass of its own */
    art_link *links;
    art_dof *dofs;
    size_t follower_count;
    int32_t *followers;    /* joints that follow others */
    double *follower_axes; /* of their links */
    int32_t *place_of;     /* of a link in the order */
    int32_t *chain;        /* packed: the dofs of each chain */
    double *mass;          /* packed: the mass matrix, armatures included */
    double *factor;        /* packed: L and, at the ends of the rows, the pivots of M + h gains = L' D L */
    double *root_pivot;    /* D^-1/2 */
    double *velocity, *start_velocity, *change, *bias, *first_bias, *effort;
    int32_t *common; /* dof_count x dof_count: how many dofs two chains share */
    size_t contact_count, contact_limit, row_limit;
    art_contact *contacts;
    art_row *rows;
    double *halves, *softness;
    size_t half_count;
    art_problem problem;
    uint64_t fallback_count; /* substeps whose contact problem was not solved to the end */
    void *memory;
} phys_articulated;

/* articulated_order.c */
void phys_art_order(const phys_world *world, int32_t base_count, art_order *order);

/* articulated_roots.c: what moves without joints */
void phys_art_read_roots(const phys_articulated *art, double *velocity);
void phys_art_take_roots(phys_articulated *art);
void phys_art_move_roots(phys_articulated *art, double time);
void phys_art_root_twist(const art_link *root, const double *velocity, double *twist);
void phys_art_put_wrench(int32_t root_count, const double *wrench, double *out);

/* articulated_pose.c */
void phys_art_move(phys_world *world, double time);
void phys_art_take_velocities(phys_world *world);

/* articulated_inertia.c */
void phys_art_set_inertia(phys_world *world);
bool phys_art_factor(phys_world *world);
void phys_art_solve(const phys_articulated *art, double *x);
void phys_art_solve_upper(const phys_articulated *art, double *x);

/* articulated_bias.c */
void phys_art_bias(phys_world *world, const double *velocity, double *bias);

/* articulated_forces.c */
void phys_art_note_momenta(phys_world *world);
void phys_art_note_loads(phys_world *world);
void phys_art_read_joint_forces(phys_world *world);

/* articulated_drives.c */
art_weights phys_art_choose_weights(double h, double stiffness, double damping, double inertia);
double phys_art_servo_limit(const phys_world *world, size_t joint);
void phys_art_place_servos(phys_world *world);
bool phys_art_is_servo_over(phys_world *world);
void phys_art_read_servos(phys_world *world);
void phys_art_set_law(phys_world *world, art_dof *dof, size_t index, double inertia, art_law *law);

/* articulated_rows.c */
art_row *phys_art_new_row(phys_articulated *art);
double phys_art_add_half(phys_articulated *art, art_row *row, const art_link *link, const double *wrench);
double phys_art_mobility(const phys_articulated *art, const art_row *row);
art_unit *phys_art_new_unit(phys_articulated *art, int32_t row);
void phys_art_add_joint_rows(phys_world *world);
void phys_art_couple_rows(phys_world *world);
void phys_art_apply_impulses(phys_world *world);

/* articulated_contacts.c */
void phys_art_add_contact_rows(phys_world *world);
double phys_art_add_contact_row(phys_world *world, const art_contact *contact, const double *direction);
void phys_art_collect_contact_forces(phys_world *world);

/* articulated_convex.c */
void phys_art_measure_mobilities(phys_world *world);
void phys_art_add_edges(phys_world *world, art_contact *contact, int32_t tangents, const double *velocity);

/* articulated_newton.c, articulated_modes.c */
void phys_art_set_velocities(art_problem *problem);
bool phys_art_solve_modes(art_problem *problem);
bool phys_art_check_modes(art_problem *problem, double tolerance, art_choice choice);

/* articulated_search.c */
bool phys_art_search(art_problem *problem, double tolerance);

/* articulated_local.c, articulated_solve.c */
void phys_art_clear_cone(const art_unit *unit, art_cone *cone);
void phys_art_solve_cone(const art_cone *cone, art_unit *unit, double *impulse);
void phys_art_solve_alone(const art_problem *problem, art_unit *unit, double *impulse);
void phys_art_solve_unit(art_problem *problem, art_unit *unit);
bool phys_art_solve_problem(art_problem *problem);

#endif
