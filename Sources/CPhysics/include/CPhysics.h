/* SPDX-License-Identifier: MIT */
/*
 * CPhysics: articulated robots on the Open Dynamics Engine, as a small C interface.
 *
 * A robot is a tree of rigid links; beside it there may be objects, each a free link. It is written down once,
 * as an immutable definition (arrays of links, joints, geoms and contact pairs that refer to each other by
 * index), and lives in a world that is created from it. A world takes one command per joint, does many substeps in one call, and is read back by copying
 * numbers out.
 *
 *     phys_world_def def = phys_world_default_def();
 *     def.links = links;  def.link_count = 1;  ...
 *     char text[PHYS_TEXT_SIZE];
 *     phys_world *world = NULL;
 *     if (phys_world_create(&def, &world, text) != PHYS_OK) { puts(text); return; }
 *     phys_world_step(world, commands, joint_count, substeps);
 *     phys_world_read(world, PHYS_JOINT_POSITIONS, positions, joint_count);
 *     phys_world_destroy(world);
 *
 * Conventions
 * - SI units: m, kg, s, rad, N, N m. Frames are right-handed. Quaternions are (w, x, y, z), of length one.
 * - "World frame" is the caller's: z is usually up, and gravity is whatever the definition says.
 * - The zero configuration is the pose in which all joint positions are zero; links, anchors and axes are
 * given in it.
 * - Joint positions, velocities and efforts are positive about (along) the axis, for the child against the
 * parent.
 * - Every function that can fail returns a status, changes nothing when it fails (except where it says so),
 * and accepts any numbers at all: NaN, infinities and absurd sizes end in a status, never in an abort of the
 * process.
 * - Different worlds may be used by different threads at the same time; one world by one thread at a time.
 * - The same definition and the same calls give the same bits, on one machine and one build of ODE.
 * - Integration. ode: semi-implicit Euler, v(t+h) = v(t) + h a, then x(t+h) = x(t) + h v(t+h), of first order
 * in h. articulated: half a step of positions, the new velocities there, half a step more, of second order
 * but for contacts.
 */
#ifndef CPHYSICS_H
#define CPHYSICS_H

#include "phys_definition.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#endif

/* ---- The world
 * --------------------------------------------------------------------------------------------- */

/* A live world. */
typedef struct phys_world phys_world;

/* Checks and copies the definition and builds a world in its zero configuration, at rest.
 * `*world` is written only on success. `error_text`, where given, has PHYS_TEXT_SIZE bytes. */
phys_status phys_world_create(const phys_world_def *PHYS_NULLABLE def,
                              phys_world * PHYS_NULLABLE * PHYS_NULLABLE world,
                              char *PHYS_NULLABLE error_text);

/* Frees a world; null is allowed. */
void phys_world_destroy(phys_world *PHYS_NULLABLE world);

/* A pose and velocity of a planar or floating base, or of an object: of the origin of its link's frame, in the
 * world frame. */
typedef struct phys_base_state {
    double position[3];         /* m, each within +-1e6; planar: y as in the zero configuration */
    double quaternion[4];       /* length within 1e-3 of 1; planar: the zero configuration's turned about y */
    double linear_velocity[3];  /* m/s; planar: y is 0 */
    double angular_velocity[3]; /* rad/s; planar: x and z are 0 */
} phys_base_state;

/* Puts the robot somewhere: forward kinematics gives every link a pose and a velocity that fit each other.
 * Objects stay where they are; those of a diverged world are in their zero configuration, at rest.
 * Ends divergence and forgets external forces and readings of forces; scales stay. `base`: null keeps the
 * zero configuration at rest; must be null for a fixed base. `positions`, `velocities`: joint_count each, or
 * null for zeros; positions within +-1e6, those of fixed joints and of followers are not looked at. Speeds
 * beyond the definition's are refused. Joints may be placed beyond their stops: they are led back. */
phys_status phys_world_place(phys_world *PHYS_NULLABLE world, const phys_base_state *PHYS_NULLABLE base,
                             const double *PHYS_NULLABLE positions, const double *PHYS_NULLABLE velocities,
                             size_t joint_count);

/* Puts an object (0 is the first) somewhere; the robot and the other objects stay where they are, and forces
 * that were read are forgotten as by `phys_world_place`. Refused with PHYS_DIVERGED in a diverged world. */
phys_status phys_world_place_object(phys_world *PHYS_NULLABLE world, size_t object,
                                    const phys_base_state *PHYS_NULLABLE state);

/* Does `substeps` (0 ... PHYS_MAX_SUBSTEPS) time steps with the commands held, each one exact solution of all
 * equations: the work grows with the cube of their number.
 * `commands`: one per joint, finite, within +-1e9 (those of undriven joints are not used); may be null where
 * count is 0 and no joint is driven. On PHYS_DIVERGED the substeps that were finite are done, and reading is
 * no longer possible. */
phys_status phys_world_step(phys_world *PHYS_NULLABLE world, const double *PHYS_NULLABLE commands,
                            size_t count, size_t substeps);

/* Whether steps measure the forces of joints, as they do at first. A world that does not is a little faster
 * and refuses to read PHYS_JOINT_FORCES and PHYS_JOINT_TORQUES; it moves to the same bits. */
phys_status phys_world_measure_joint_forces(phys_world *PHYS_NULLABLE world, bool is_on);

/* ---- Reading
 * ----------------------------------------------------------------------------------------------- */

/* What can be read; vectors are in the world frame. J, L, G: the counts of joints, links, geoms. */
typedef enum phys_quantity {
    /* J: rad or m, unwrapped. */
    PHYS_JOINT_POSITIONS PHYS_SWIFT_NAME(jointPositions) = 0,
    /* J: rad/s or m/s. */
    PHYS_JOINT_VELOCITIES PHYS_SWIFT_NAME(jointVelocities) = 1,
    /* J: N m or N that the drive applied in the last substep. */
    PHYS_JOINT_EFFORTS PHYS_SWIFT_NAME(jointEfforts) = 2,
    /* 3 J: force of the joint on its child in the last substep, N. */
    PHYS_JOINT_FORCES PHYS_SWIFT_NAME(jointForces) = 3,
    /* 3 J: torque of the joint on its child about the child's centre of mass, N m: bearing, stop, drive and
       friction. */
    PHYS_JOINT_TORQUES PHYS_SWIFT_NAME(jointTorques) = 4,
    /* 3 L: origins of the links' frames, m. */
    PHYS_LINK_POSITIONS PHYS_SWIFT_NAME(linkPositions) = 5,
    /* 4 L: orientations of the links' frames (w, x, y, z). */
    PHYS_LINK_QUATERNIONS PHYS_SWIFT_NAME(linkQuaternions) = 6,
    /* 3 L: velocities of the frames' origins, m/s. */
    PHYS_LINK_LINEAR_VELOCITIES PHYS_SWIFT_NAME(linkLinearVelocities) = 7,
    /* 3 L: rad/s. */
    PHYS_LINK_ANGULAR_VELOCITIES PHYS_SWIFT_NAME(linkAngularVelocities) = 8,
    /* 3 L: centres of mass, m. */
    PHYS_LINK_CENTERS_OF_MASS PHYS_SWIFT_NAME(linkCentersOfMass) = 9,
    /* 3 L: sum of contact forces on the link in the last substep, N. */
    PHYS_LINK_CONTACT_FORCES PHYS_SWIFT_NAME(linkContactForces) = 10,
    /* 3 L: the same, mean over the substeps of the last step call. */
    PHYS_LINK_MEAN_CONTACT_FORCES PHYS_SWIFT_NAME(linkMeanContactForces) = 11,
    /* 3 G: sum of contact forces on the geom in the last substep, N. */
    PHYS_GEOM_CONTACT_FORCES PHYS_SWIFT_NAME(geomContactForces) = 12,
    /* 3 G: the same, mean over the substeps of the last step call. */
    PHYS_GEOM_MEAN_CONTACT_FORCES PHYS_SWIFT_NAME(geomMeanContactForces) = 13,
    /* 2: kinetic (armatures included) and potential (gravity and springs) energy, J. Heights count from the
       world's origin; springs of a leader and its followers from where they balance each other. */
    PHYS_ENERGY PHYS_SWIFT_NAME(energy) = 14,
    /* 3 J + 16 L: what a control loop reads, in one pass: joint positions, velocities and efforts, then link
       positions, quaternions, linear and angular velocities and mean contact forces, each as its own quantity
       has it. */
    PHYS_READING PHYS_SWIFT_NAME(reading) = 15
} PHYS_CLOSED_ENUM phys_quantity;

/* How many numbers a quantity of this world has; 0 for a null world or an unknown quantity. */
size_t phys_world_value_count(const phys_world *PHYS_NULLABLE world, phys_quantity quantity);

/* Copies a quantity into `values`; `count` must be `phys_world_value_count`. Refused with PHYS_DIVERGED in a
 * diverged world. */
phys_status phys_world_read(const phys_world *PHYS_NULLABLE world, phys_quantity quantity,
                            double *PHYS_NULLABLE values, size_t count);

/* How deep the two geoms of each listed pair are in each other where the robot is now, m; 0 where they are not.
 * Nothing is changed. Refused with PHYS_DIVERGED in a diverged world. */
phys_status phys_world_overlaps(phys_world *PHYS_NULLABLE world, double *PHYS_NULLABLE depths,
                                size_t pair_count);

/* Of these the deepest. `pair`: its index among the definition's pairs, or pair_count where no pair overlaps;
 * `depth`: m. */
phys_status phys_world_deepest_overlap(phys_world *PHYS_NULLABLE world, size_t *PHYS_NULLABLE pair,
                                       double *PHYS_NULLABLE depth);

/* How far it is from a point (world frame, m, each within +-1e6) along a direction of length 1 to the first of
 * the listed geoms, wherever the links are now: `distance`, m, at most `reach` (0 ... 1e4), which also stands for
 * none. From within a geom it is 0. Refused with PHYS_DIVERGED in a diverged world. */
phys_status phys_world_cast_ray(phys_world *PHYS_NULLABLE world, const int32_t *PHYS_NULLABLE geoms,
                                size_t geom_count, const double *PHYS_NULLABLE origin,
                                const double *PHYS_NULLABLE direction, double reach,
                                double *PHYS_NULLABLE distance);

/* Where two geoms touched in the last substep. */
typedef struct phys_contact_reading {
    size_t first, second; /* geoms; the first is on a link */
    double point[3];      /* m */
    double force[3];      /* on the first geom, N; on the second the opposite */
} phys_contact_reading;

/* How many contacts can be read: those of the last substep; none after `place` and `restore`. */
size_t phys_world_contact_count(const phys_world *PHYS_NULLABLE world);

/* Copies them into `contacts`, in the order of the pairs; `count` must be `phys_world_contact_count`. Refused
 * with PHYS_DIVERGED in a diverged world. */
phys_status phys_world_contacts(const phys_world *PHYS_NULLABLE world,
                                phys_contact_reading *PHYS_NULLABLE contacts, size_t count);

/* ---- Changes at run time (part of the saved state)
 * --------------------------------------------------------- */

/* Multiplies a link's mass and inertia by `scale`, 0.01 ... 100, from now on (1 at first). */
phys_status phys_world_set_mass_scale(phys_world *PHYS_NULLABLE world, size_t link, double scale);

/* Multiplies the friction of every pair of a geom by `scale`, 0 ... 100, from now on (1 at first). */
phys_status phys_world_set_friction_scale(phys_world *PHYS_NULLABLE world, size_t geom, double scale);

/* The time constant of contacts, s, from now on: 1e-6 ... 100 (the definition's at first). */
phys_status phys_world_set_contact_time_constant(phys_world *PHYS_NULLABLE world, double time_constant);

/* Multiplies a drive's command (torque) or gains, and its effort limit, by `scale`, 0 ... 100, from now on (1
 * at first). */
phys_status phys_world_set_drive_scale(phys_world *PHYS_NULLABLE world, size_t joint, double scale);

/* Applies a force (N) at the centre of mass and a torque (N m) to a link, in the world frame, each component
 * within +-1e9, during all substeps of the next step call; then it is gone. Replaces what was set before. */
phys_status phys_world_set_external_force(phys_world *PHYS_NULLABLE world, size_t link,
                                          const double *PHYS_NULLABLE force,
                                          const double *PHYS_NULLABLE torque);

/* Applies a force (N) at the centre of mass and a torque (N m) to a link along the axes of its own frame, with
 * which they turn, as a thruster's do; else as above, and beside it. What is set is no part of a saved state. */
phys_status phys_world_set_link_wrench(phys_world *PHYS_NULLABLE world, size_t link,
                                       const double *PHYS_NULLABLE force,
                                       const double *PHYS_NULLABLE torque);

/* ---- State
 * ------------------------------------------------------------------------------------------------- */

/* Bytes of a saved state of this world; 0 for null. The same for all worlds of a definition. */
size_t phys_world_state_size(const phys_world *PHYS_NULLABLE world);

/* Writes the whole state: what follows after restoring it has the same bits. A diverged world can be saved
 * too. */
phys_status phys_world_save(const phys_world *PHYS_NULLABLE world, void *PHYS_NULLABLE bytes, size_t size);

/* Takes a state that a world of the same definition saved, on the same kind of machine. Wrong size, magic,
 * version, definition, checksum or a number out of bounds is PHYS_BAD_STATE, and the world is as it was. */
phys_status phys_world_restore(phys_world *PHYS_NULLABLE world, const void *PHYS_NULLABLE bytes, size_t size);

/* ---- The last resort
 * --------------------------------------------------------------------------------------- */

/* How often ODE wanted to end the process since it began and was stopped by the guard. Every input is checked
 * before, so this stays 0; tests assert it. The world concerned is diverged. */
uint64_t phys_guard_count(void);

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#ifdef __cplusplus
}
#endif

#endif
