/* SPDX-License-Identifier: MIT */
/* What a world is made of, as CPhysics.h includes it: bounds, statuses, and the definition, a plain value. */
#ifndef PHYS_DEFINITION_H
#define PHYS_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#define PHYS_NONNULL _Nonnull
#define PHYS_NULLABLE _Nullable
#define PHYS_CLOSED_ENUM __attribute__((enum_extensibility(closed)))
#define PHYS_SWIFT_NAME(name) __attribute__((swift_name(#name)))
#else
#define PHYS_NONNULL
#define PHYS_NULLABLE
#define PHYS_CLOSED_ENUM
#define PHYS_SWIFT_NAME(name)
#endif

/* ---- Bounds
 * ------------------------------------------------------------------------------------------------ */

enum {
    PHYS_TEXT_SIZE = 256,       /* bytes of an error text, its closing zero included */
    PHYS_MAX_LINKS = 256,       /* links of a world; joints never outnumber links */
    PHYS_MAX_OBJECTS = 32,      /* of these, free bodies beside the robot */
    PHYS_MAX_GEOMS = 1024,      /* geoms of a world */
    PHYS_MAX_PAIRS = 4096,      /* contact pairs of a world */
    PHYS_MAX_HULL_POINTS = 64,  /* corners of a hull */
    PHYS_MAX_FIELD_SIDE = 8192, /* rows and columns of a height field */
    PHYS_MAX_FIELD_WIDTH = 128, /* cells of a height field across one geom */
    PHYS_MAX_SUBSTEPS = 1000000 /* substeps of one call */
};

/* ---- Status
 * ------------------------------------------------------------------------------------------------ */

/* What became of a call. The list is closed. */
typedef enum phys_status {
    /* Done. */
    PHYS_OK PHYS_SWIFT_NAME(ok) = 0,
    /* A null pointer, a wrong count or index, or a number that is not finite or out of range. */
    PHYS_INVALID_ARGUMENT PHYS_SWIFT_NAME(invalidArgument) = 1,
    /* The definition cannot be simulated; the text names the field. */
    PHYS_INVALID_DEFINITION PHYS_SWIFT_NAME(invalidDefinition) = 2,
    /* Memory is exhausted. */
    PHYS_OUT_OF_MEMORY PHYS_SWIFT_NAME(outOfMemory) = 3,
    /* Something left the bounds of the definition (speed, place) or the finite numbers. The world may only be
     * placed, restored or destroyed. A shorter time step, armature or lower efforts help. */
    PHYS_DIVERGED PHYS_SWIFT_NAME(diverged) = 4,
    /* The bytes are not a state of a world of this definition and this version, or are damaged. */
    PHYS_BAD_STATE PHYS_SWIFT_NAME(badState) = 5,
    /* The ODE library of this machine was built for single precision; Sinew needs double precision. */
    PHYS_PRECISION_MISMATCH PHYS_SWIFT_NAME(precisionMismatch) = 6
} PHYS_CLOSED_ENUM phys_status;

/* A short sentence about a status; never null. */
const char *PHYS_NONNULL phys_status_text(phys_status status);

/* ---- The definition
 * ---------------------------------------------------------------------------------------- */

/* How the robot stands in the world. */
typedef enum phys_base {
    /* Nothing but joints: every link has a joint, and those with parent -1 hang on the world. */
    PHYS_BASE_FIXED PHYS_SWIFT_NAME(fixed) = 0,
    /* Link 0 has no joint; its centre of mass stays in the plane y = constant and it turns about y alone. */
    PHYS_BASE_PLANAR PHYS_SWIFT_NAME(planar) = 1,
    /* Link 0 has no joint and moves freely. */
    PHYS_BASE_FLOATING PHYS_SWIFT_NAME(floating) = 2
} PHYS_CLOSED_ENUM phys_base;

/* What solves the equations of motion. */
typedef enum phys_solver {
    /* Bodies and joints as equations of the Open Dynamics Engine. */
    PHYS_SOLVER_ODE PHYS_SWIFT_NAME(ode) = 0,
    /* Equations in the robot's own coordinates, its joints: several times as fast. Each contact obeys
     * Coulomb's law, with the bound of friction taken from the normal force that belongs to it. */
    PHYS_SOLVER_ARTICULATED PHYS_SWIFT_NAME(articulated) = 1
} PHYS_CLOSED_ENUM phys_solver;

/* The law by which contacts, or stops, give way; see phys_world_def. */
typedef enum phys_law {
    /* Coulomb's friction; what is deep is led back, and what comes out is not thrown. */
    PHYS_LAW_EXACT PHYS_SWIFT_NAME(exact) = 0,
    /* MuJoCo's: every edge of a pyramid of friction gives way alike. Of the articulated solver alone. */
    PHYS_LAW_CONVEX PHYS_SWIFT_NAME(convex) = 1
} PHYS_CLOSED_ENUM phys_law;

/* A rigid body. */
typedef struct phys_link_def {
    /* Mass, kg: 1e-9 ... 1e6. With the articulated solver also 0, with inertia 0, for a link between joints
     * that carries others; not for the base. */
    double mass;
    /* Centre of mass in the link's frame, m: each within +-1e4. */
    double center_of_mass[3];
    /* Inertia about the centre of mass, along the link's axes, kg m2: ixx, iyy, izz, ixy, ixz, iyz. Must be
     * positive definite, with radii of gyration sqrt(I / mass) between 1e-6 and 1e4 m and principal moments
     * within a factor 1e8 of each other. The triangle inequality (ixx + iyy >= izz) is not asked for.
     * Over all links, what a force can move most easily (1/mass + reach^2 / smallest inertia, the reach being
     * the longest of 1 m and the arms to joints and geom ends) and least easily (1/mass, 1/largest inertia)
     * must be within a factor 1e11: beyond it the equations cannot be solved in double precision. */
    double inertia[6];
    /* Origin of the link's frame in the world at the zero configuration, m: each within +-1e4. */
    double position[3];
    /* Orientation of the link's frame in the world at the zero configuration; its length may be off by 1e-3.
     */
    double quaternion[4];
} phys_link_def;

/* What a joint lets free. */
typedef enum phys_joint_kind {
    /* Turns about the axis through the anchor. Position in rad, not wrapped: turns are counted. */
    PHYS_JOINT_HINGE PHYS_SWIFT_NAME(hinge) = 0,
    /* Slides along the axis. Position in m. */
    PHYS_JOINT_SLIDER PHYS_SWIFT_NAME(slider) = 1,
    /* Holds the child rigidly. Its position and velocity are always 0; axis, stops, drive etc. are not looked
       at. */
    PHYS_JOINT_FIXED PHYS_SWIFT_NAME(fixed) = 2
} PHYS_CLOSED_ENUM phys_joint_kind;

/* What a joint's command means. The unit of effort is N m for hinges, N for sliders. */
typedef enum phys_drive {
    /* The command is not looked at. */
    PHYS_DRIVE_NONE PHYS_SWIFT_NAME(none) = 0,
    /* Effort = command, clipped to the effort limit, held during the step. */
    PHYS_DRIVE_TORQUE PHYS_SWIFT_NAME(torque) = 1,
    /* Effort = kp (command - position) - kd velocity, implicit, clipped to the effort limit. */
    PHYS_DRIVE_POSITION PHYS_SWIFT_NAME(position) = 2,
    /* Effort = kd (command - velocity), implicit, clipped to the effort limit. */
    PHYS_DRIVE_VELOCITY PHYS_SWIFT_NAME(velocity) = 3
} PHYS_CLOSED_ENUM phys_drive;

/* A joint: the child link's connection with its parent. A robot is a tree: each link is the child of exactly
 * one joint, except link 0 of a planar or floating base, which is the child of none; and so are objects. */
typedef struct phys_joint_def {
    phys_joint_kind kind;
    /* Index of the parent link, or -1: the world (fixed bases only). No object. */
    int32_t parent;
    /* Index of the child link. */
    int32_t child;
    /* A point of the axis in the world at the zero configuration, m: each within +-1e4. */
    double anchor[3];
    /* Direction of the axis in the world at the zero configuration; any length between 1e-6 and 1e6.
     * Hinges of a planar robot need not be parallel to y. */
    double axis[3];
    /* Stops, rad or m: -INFINITY and INFINITY for none, else within +-1e6 and lower < upper. Any range, also
     * beyond +-pi. */
    double lower, upper;
    /* Largest speed, rad/s or m/s: > 0, or INFINITY. After each substep a faster joint is slowed to it, with
     * everything that hangs on it, and goes back the way that it came too far; the other joints keep their
     * positions and speeds. This is the clip of Gymnasium's classic control tasks. */
    double velocity_limit;
    /* Inertia of the motor seen at the joint, kg m2 or kg: 0 ... 1e6. It resists the joint's acceleration
     * only. */
    double armature;
    /* Viscous damping, N m s/rad or N s/m: 0 ... 1e9. */
    double damping;
    /* Spring towards `rest_position`, N m/rad or N/m: 0 ... 1e9. */
    double stiffness;
    /* Rest position of the spring, rad or m: within +-1e6. */
    double rest_position;
    /* Dry (Coulomb) friction, N m or N: 0 ... 1e9. */
    double dry_friction;
    /* What the joint's command means. */
    phys_drive drive;
    /* Gains of the position and velocity drives: 0 ... 1e9. */
    double kp, kd;
    /* Largest effort of the drive, N m or N: >= 0, or INFINITY. */
    double effort_limit;
    /* Index of the joint that this one follows, or -1: with the articulated solver its position is always
     * ratio times the leader's plus `offset`, and a force on either moves both. A leader follows none itself;
     * neither is fixed. A follower has no drive, and its stops, armature, damping, spring, dry friction and
     * velocity limit act on the leader through the ratio. ratio: +-1e-6 ... +-1e6; offset, rad or m: within
     * +-1e6. */
    int32_t leader;
    double ratio, offset;
} phys_joint_def;

/* The shape of a geom; z is the long axis of capsule and cylinder. */
typedef enum phys_shape {
    /* Half space below the local plane z = 0, its normal along local z. Static only. No size. */
    PHYS_SHAPE_PLANE PHYS_SWIFT_NAME(plane) = 0,
    /* size: full edge lengths along x, y, z. */
    PHYS_SHAPE_BOX PHYS_SWIFT_NAME(box) = 1,
    /* size[0]: radius. */
    PHYS_SHAPE_SPHERE PHYS_SWIFT_NAME(sphere) = 2,
    /* size[0]: radius; size[1]: length of the straight part, between the centres of the caps. */
    PHYS_SHAPE_CAPSULE PHYS_SWIFT_NAME(capsule) = 3,
    /* size[0]: radius; size[1]: length. */
    PHYS_SHAPE_CYLINDER PHYS_SWIFT_NAME(cylinder) = 4,
    /* points, triangles: a convex polyhedron. No size. */
    PHYS_SHAPE_HULL PHYS_SWIFT_NAME(hull) = 5,
    /* What is below a surface over local x and y that heights on a grid give, two triangles a cell. Static only.
     * size[0]: edge of a cell, 1e-3 ... 1e3. */
    PHYS_SHAPE_FIELD PHYS_SWIFT_NAME(field) = 6
} PHYS_CLOSED_ENUM phys_shape;

/* A shape that can touch others. */
typedef struct phys_geom_def {
    phys_shape shape;
    /* Index of the link that it is part of, or -1: it stands still in the world. */
    int32_t link;
    /* Sizes as the shape says, m: each that counts 1e-6 ... 1e4. */
    double size[3];
    /* Centre in the frame of the link (or of the world), m: each within +-1e4. */
    double position[3];
    /* Orientation in the frame of the link (or of the world); its length may be off by 1e-3. */
    double quaternion[4];
    /* Of a hull: its corners, x, y, z of each in the geom's own frame, m, each within +-1e4; 4 to
     * PHYS_MAX_HULL_POINTS of them. `phys_world_create` copies them. */
    const double *PHYS_NULLABLE points;
    size_t point_count;
    /* Of a hull: the corners of the triangles of its surface, by their number, counter-clockwise from outside;
     * 4 to 2 point_count - 4 of them. No point stands out of a triangle by more than 1e-5 of the hull's size. It
     * is 1e-6 m thick at least. */
    const uint32_t *PHYS_NULLABLE triangles;
    size_t triangle_count;
    /* Of a height field: rows * columns heights along local z, m, row by row, each within +-1e4; the node of row
     * i and column j is over x = j size[0], y = i size[0]. A cell's diagonal goes from its low row and column to
     * its high ones. Outside of the grid the heights of its border go on. Rows and columns: 2 ...
     * PHYS_MAX_FIELD_SIDE, 2^24 nodes at most. The heights are not copied: they stay where and as they are while
     * a world of this definition lives, and several worlds may share them. */
    const float *PHYS_NULLABLE heights;
    size_t rows, columns;
} phys_geom_def;

/* Two geoms that may touch. Pairs that are not listed never touch. */
typedef struct phys_pair_def {
    /* Indices of two geoms: not of the same link, not both static. What may touch a height field is, with its
     * margin, no wider than PHYS_MAX_FIELD_WIDTH of its cells. */
    int32_t geom_a, geom_b;
    /* Coefficient of friction: 0 ... 1e3. */
    double friction;
    /* Speed after an impact as a share of that before: 0 ... 1. Slow impacts, below 0.05 m/s and twice what
     * gravity gives in a step, do not bounce. */
    double restitution;
} phys_pair_def;

/* The whole definition. Only `phys_world_default_def` makes a valid one; the arrays are copied by
 * `phys_world_create`. */
typedef struct phys_world_def {
    /* Seconds of a substep: 1e-6 ... 0.1. */
    double time_step;
    /* Gravity in the world frame, m/s2: each within +-1e4. For a planar base, gravity[1] must be 0. */
    double gravity[3];
    /* What solves the equations (ode). */
    phys_solver solver;
    /* How contacts and stops give way, whatever the time step. While r > 0 (the depth of a contact, how far a
     * joint is beyond its stop) it is led back by
     *     r'' = -omega^2 r - 2 zeta omega r' + (1 - impedance) a,    omega = 1 / (time_constant zeta),
     * implicitly, where a is the acceleration that everything else gives it. So a hit at speed v goes in by
     * v time_constant / e (zeta = 1), and a release from rest x0 deep comes out at x0 / (e time_constant) at
     * most. With impedance 1 a load does not sink in; with 0 contact and stop are a spring and a damper in
     * proportion to the mass that they feel. MuJoCo's solref is these two numbers, its solimp about 0.95.
     * A contact never pulls, and comes out no faster than half of gravity brakes it: nothing bounces that has
     * no restitution. It also grows hard before a quarter of the thinner geom is passed. A stop brakes the
     * way back as the law says, but not what drives the joint off it (all that moves it; of which ODE counts
     * drive, spring and damper of the joint alone), and grows hard before a quarter of its range, or of a
     * radian, is passed. A time constant below two steps is taken as two steps. Time constants, s: 1e-6 ...
     * 100 (0.02). Damping ratios zeta: 0.01 ... 100 (1). Impedances: 0 ... 1 (1).
     */
    double contact_time_constant, contact_damping_ratio, contact_impedance;
    double stop_time_constant, stop_damping_ratio, stop_impedance;
    /* What is said above is the exact law (the default). By the convex one, which is MuJoCo's, a row is led by
     *     u' >= -2 / (d T) u + r / (d T^2 zeta^2) - (1 - d) / d m f,    f >= 0,    equal where f > 0,
     * with the speed u apart along it, its force f, and the impedance d within 1e-4 ... 0.9999. A stop is a
     * row whose m is the mobility of its joint at the zero configuration. A contact has four, along n +- mu t
     * for two tangents t (along and across a capsule's axis), whose m is 2 mu^2 (1 + mu^2) times the mean
     * mobility, of three directions, of its links' centres of mass there. So a load sinks in, what is pushed
     * creeps, what slides is lifted, since u is n's speed and mu times the slip, and what was deep is thrown
     * out. Friction is within the pyramid. An edge grows hard before half of the thinner geom is passed. No
     * pair may have a restitution. */
    phys_law contact_law, stop_law;
    /* Contacts push from this distance on, m: 0 ... 1 (0). */
    double contact_margin;
    /* The world is diverged when a link is faster than this, m/s: 1e-3 ... 1e6 (1e3); also when it is farther
     * than 1e6 m from the origin, or a slider so far out that its lever breaks the bound on inertia a
     * hundredfold. */
    double max_linear_speed;
    /* The world is diverged when a link turns faster than this, rad/s: 1e-3 ... 1e6 (1e4). */
    double max_angular_speed;
    /* How the robot stands in the world (fixed). */
    phys_base base;
    /* The links; at least one, at most PHYS_MAX_LINKS. */
    const phys_link_def *PHYS_NULLABLE links;
    size_t link_count;
    /* How many of the links, the last ones, are objects: free bodies beside the robot, with a mass and without
     * joints. At most PHYS_MAX_OBJECTS, and at least one link is the robot's. They move in all directions, also
     * beside a planar base. */
    size_t object_count;
    /* The joints, in the order of commands and readings: one for each link that is no object, one less where
     * the base is not fixed. */
    const phys_joint_def *PHYS_NULLABLE joints;
    size_t joint_count;
    /* The geoms; at most PHYS_MAX_GEOMS. */
    const phys_geom_def *PHYS_NULLABLE geoms;
    size_t geom_count;
    /* The pairs that may touch, in the order in which contacts are made; at most PHYS_MAX_PAIRS. */
    const phys_pair_def *PHYS_NULLABLE pairs;
    size_t pair_count;
    /* Set by `phys_world_default_def`; not to be touched. */
    uint32_t cookie;
} phys_world_def;

/* Defaults: 1 ms steps, gravity (0, 0, -9.81), fixed base, no links. */
phys_world_def phys_world_default_def(void);
/* Defaults: 1 kg, inertia of a sphere of 0.1 kg m2, the world's frame. */
phys_link_def phys_link_default_def(void);
/* Defaults: a free hinge about z at the origin, on the world, of link 0. */
phys_joint_def phys_joint_default_def(void);
/* Defaults: a static plane z = 0. */
phys_geom_def phys_geom_default_def(void);

/* The height of a height field over a point of its own x-y plane, m, and, where asked for, the normal of the
 * triangle there, of length one; both in its own frame. NaN for what is no height field. */
double phys_field_height(const phys_geom_def *PHYS_NULLABLE field, double x, double y,
                         double *PHYS_NULLABLE normal);

/* Checks every field of a definition, without building anything.
 * `error_text` takes, in PHYS_TEXT_SIZE bytes, which field is wrong and what it must be: "joints[2].axis:
 * ...". */
phys_status phys_world_check_def(const phys_world_def *PHYS_NULLABLE def, char *PHYS_NULLABLE error_text);

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#ifdef __cplusplus
}
#endif

#endif
