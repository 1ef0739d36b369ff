#ifndef CLOZE_CMPI_SHIM_H
#define CLOZE_CMPI_SHIM_H

// MPI's handles are macros, which Swift does not import. Counts are `int` in MPI 3: callers keep messages below 2³¹ bytes.
// MPI's default error handler ends all processes with a message of its own, so that no function here returns an error.
#include <mpi.h>
#include <stdint.h>
#include <stdlib.h>

/// Joins the processes that were started together; false where the library cannot be called from several threads in turn.
static inline int cmpi_start(void) {
  int level = 0;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
  return level >= MPI_THREAD_SERIALIZED;
}

static inline int cmpi_is_running(void) {
  int started = 0, ended = 0;
  MPI_Initialized(&started);
  MPI_Finalized(&ended);
  return started && !ended;
}

static inline void cmpi_finish(void) { MPI_Finalize(); }
/// Ends all processes with exit code `code`.
static inline void cmpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

static inline int cmpi_rank(void) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static inline int cmpi_size(void) {
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

/// A piece of memory that goes to, or comes from, process `rank`.
typedef struct {
  void *base;
  int bytes, rank;
} cmpi_message;

/// Sends and receives all messages at once. Between two processes they arrive in the order in which they are listed.
static inline void cmpi_exchange(const cmpi_message *outgoing, int outgoing_count, const cmpi_message *incoming,
                                 int incoming_count) {
  int count = 0;
  MPI_Request *requests = (MPI_Request *)malloc(sizeof(MPI_Request) * (size_t)(outgoing_count + incoming_count + 1));
  for (int i = 0; i < incoming_count; i++)
    MPI_Irecv(incoming[i].base, incoming[i].bytes, MPI_BYTE, incoming[i].rank, 0, MPI_COMM_WORLD, &requests[count++]);
  for (int i = 0; i < outgoing_count; i++)
    MPI_Isend(outgoing[i].base, outgoing[i].bytes, MPI_BYTE, outgoing[i].rank, 0, MPI_COMM_WORLD, &requests[count++]);
  MPI_Waitall(count, requests, MPI_STATUSES_IGNORE);
  free(requests);
}

/// `all[r]` becomes the `mine` of process r.
static inline void cmpi_gather_number(int64_t mine, int64_t *all) {
  MPI_Allgather(&mine, 1, MPI_INT64_T, all, 1, MPI_INT64_T, MPI_COMM_WORLD);
}

/// The `mine` of process r, `counts[r]` bytes, goes to `all + offsets[r]` in every process.
static inline void cmpi_gather_bytes(const void *mine, int bytes, void *all, const int *counts, const int *offsets) {
  MPI_Allgatherv(mine, bytes, MPI_BYTE, all, counts, offsets, MPI_BYTE, MPI_COMM_WORLD);
}

#endif
